import { formatId, keyOf, parseId } from '../identity/resource-id.js';
import { always, and, type Bracket, exactly, never, or, unknown } from '../mapping/bracket.js';
import type { CompiledMapping } from '../mapping/compile.js';
import type { IdScheme } from '../mapping/id-scheme.js';
import type { ReferenceBinding } from '../mapping/template.js';
import type { Chain } from '../query/query.js';
import type { TableRelation } from '../source/relation.js';
import { and as all, FALSE, type On, type Selection } from '../source/selection.js';
import { hasKey } from './has-key.js';
import type { Doubt, PlannedSource } from './stream.js';

/** What the source of a mapping can say itself of a chain. */
export interface Link {
  /** The rows for which the chain holds. `hi` of all rows: the source cannot tell. */
  readonly bracket: Bracket;
  readonly doubt: Doubt;
}

const nothingKnown: Link = { bracket: unknown, doubt: () => false };

/** A chain as a question about the rows of a mapping and, in the same source, of the mapping at the other end. */
export function linkOf(chain: Chain, mapping: CompiledMapping, sources: readonly PlannedSource[]): Link {
  return chain.direction === 'to' ? linkTo(chain, mapping, sources) : linkFrom(chain, mapping, sources);
}

function linkTo(chain: Chain, mapping: CompiledMapping, sources: readonly PlannedSource[]): Link {
  let references = 0;
  let certain = true;
  const bracket = mapping.references(chain.reference, (reference) => {
    if (reference.type !== chain.type) return never;
    references++;
    const other = named(reference.target, chain.type, reference.target.source ?? mapping.source, sources);
    if (other === 'nothing') return never;
    if (other === 'several' || other.source !== mapping.source || !sameScheme(reference.target, other.id))
      return unknown;
    const inner = conditionsOf(chain, other);
    if (other.relation.kind === 'constant') return isStatic(inner) ? inner : unknown;
    const there = and(present(reference), inner);
    if (isOwnKey(reference, mapping, other)) {
      if (idLength(other.id) > idLength(mapping.id)) certain = false;
      return there;
    }
    certain = false;
    const on = onKeys(
      other.relation.key,
      reference.key.map(({ column }) => column),
    );
    return isRaw(reference) && other.relation.kind === 'table'
      ? existing(other.relation, on, inner, mapping, sources)
      : unknown;
  });
  return { bracket, doubt: certain ? 'never' : references === 1 ? 'unless referred' : () => false };
}

function linkFrom(chain: Chain, mapping: CompiledMapping, sources: readonly PlannedSource[]): Link {
  const found: Bracket[] = [];
  let longest: string | undefined;
  let certain = true;
  let shown = true;
  for (const source of sources) {
    for (const other of source.mappings) {
      if (other.type !== chain.type) continue;
      const references: ReferenceBinding[] = [];
      const rest = other.references(chain.reference, (reference) => {
        if (reference.type === mapping.type) references.push(reference);
        return never;
      });
      if (rest.hi.op !== 'false') return nothingKnown;
      for (const reference of references) {
        if ((reference.target.source ?? source.name) !== mapping.source || !mayName(reference.target, mapping.id))
          continue;
        if (source.name !== mapping.source || !sameScheme(reference.target, mapping.id)) return nothingKnown;
        const there = other.references(chain.reference, (one) => (one === reference ? present(one) : never));
        const inner = and(there, exactly(hasKey(other.relation)), conditionsOf(chain, other));
        if (isOwnKey(reference, other, mapping)) {
          found.push(inner);
          if (idLength(other.id) <= idLength(mapping.id)) continue;
          certain = false;
          if (longest === undefined || other.id.facet!.length > longest.length) longest = other.id.facet;
          continue;
        }
        if (!isRaw(reference) || other.relation.kind !== 'table') return nothingKnown;
        certain &&= isWhole(other.id);
        shown &&= isWhole(other.id);
        const on = onKeys(
          reference.key.map(({ column }) => column),
          mapping.relation.key,
        );
        found.push(existing(other.relation, on, inner, mapping, sources));
      }
    }
  }
  return { bracket: or(...found), doubt: certain ? 'never' : (id) => shown && fits(id, mapping.id, longest) };
}

/** The one mapping of a type that an id of this scheme leads to. */
function named(
  scheme: IdScheme,
  type: string,
  source: string,
  sources: readonly PlannedSource[],
): CompiledMapping | 'nothing' | 'several' {
  const able = (sources.find(({ name }) => name === source)?.mappings ?? []).filter(
    (mapping) => mapping.type === type && mayName(scheme, mapping.id),
  );
  return able.length > 1 ? 'several' : (able[0] ?? 'nothing');
}

/** Could an id of one scheme be read as one of the other? */
function mayName(a: IdScheme, b: IdScheme): boolean {
  const parts = ({ relation, facet }: IdScheme) => relation.key.length + (facet === undefined ? 0 : 1);
  return parts(a) === parts(b) && (a.facet === b.facet || a.facet === undefined || b.facet === undefined);
}

function sameScheme(a: IdScheme, b: IdScheme): boolean {
  return a.facet === b.facet && a.relation.kind === b.relation.kind && a.relation.name === b.relation.name;
}

/** The rows of a mapping whose resources satisfy the chain's conditions. What may be left out, or cannot be read, may not. */
function conditionsOf({ conditions }: Chain, mapping: CompiledMapping): Bracket {
  const found = and(exactly(mapping.exists), ...conditions.map((condition) => mapping.condition(condition)));
  return mapping.undecodable === 'refuse' || mapping.document ? { lo: FALSE, hi: found.hi } : found;
}

function present({ key }: ReferenceBinding): Bracket {
  return key.length === 0 ? always : exactly(all(...key.map((of): Selection => ({ op: 'present', of }))));
}

function isRaw({ key }: ReferenceBinding): boolean {
  return key.every(({ as }) => as === 'raw');
}

/** Does a row of the one mapping refer to the resource that the other makes of this same row? */
function isOwnKey(reference: ReferenceBinding, from: CompiledMapping, to: CompiledMapping): boolean {
  return (
    from.relation === to.relation &&
    isRaw(reference) &&
    reference.key.every(({ column }, i) => column === to.relation.key[i])
  );
}

function isStatic({ lo, hi }: Bracket): boolean {
  return [lo, hi].every(({ op }) => op === 'true' || op === 'false');
}

function onKeys(inner: readonly string[], outer: readonly string[]): On {
  return Object.fromEntries(inner.map((column, i) => [column, outer[i]!]));
}

function existing(
  relation: TableRelation,
  on: On,
  inner: Bracket,
  mapping: CompiledMapping,
  sources: readonly PlannedSource[],
): Bracket {
  if (inner.hi.op === 'false') return never;
  if (mapping.relation.kind !== 'table' || holdsRelated(inner.hi)) return unknown;
  const joined = sources.find(({ name }) => name === mapping.source)?.joins?.(relation, on, mapping.relation);
  if (joined === undefined) return unknown;
  const there = (where: Selection): Selection => (where.op === 'false' ? FALSE : { op: 'exists', relation, on, where });
  if (joined === 'exact' && inner.lo === inner.hi) return exactly(there(inner.hi));
  return { lo: FALSE, hi: there(inner.hi) };
}

function holdsRelated(selection: Selection): boolean {
  switch (selection.op) {
    case 'and':
    case 'or':
      return selection.of.some(holdsRelated);
    case 'not':
      return holdsRelated(selection.of);
    default:
      return selection.op === 'exists';
  }
}

/** Of two ids made of one key, the longer one has the longer facet. */
function idLength({ facet }: IdScheme): number {
  return facet === undefined ? 0 : facet.length + 1;
}

/** A whole number is never too long for an id. */
function isWhole({ relation, integers }: IdScheme): boolean {
  return relation.key.length === 1 && integers.includes(relation.key[0]!);
}

/** Would the same key make an id with this facet? */
function fits(id: string, { relation, facet }: IdScheme, other: string | undefined): boolean {
  const parsed = parseId(id);
  const key = parsed && keyOf(parsed.rest, relation.key.length, facet);
  return key !== undefined && formatId(parsed!.source, key, other) !== undefined;
}
