import { formatId, keyOf, parseId } from '../identity/resource-id.js';
import { always, and, type Bracket, exactly, never, or, unknown } from '../mapping/bracket.js';
import type { CompiledMapping } from '../mapping/compile.js';
import { type IdScheme, partCount } from '../mapping/id-scheme.js';
import type { ReferenceBinding } from '../mapping/template.js';
import type { Chain } from '../query/query.js';
import type { TableRelation } from '../source/relation.js';
import { and as all, FALSE, isOfOneRow, type On, type Selection } from '../source/selection.js';
import { hasKey } from './has-key.js';
import type { Doubt, PlannedSource } from './stream.js';

/** What the source of a mapping can say itself of a chain. */
export interface Link {
  /** The rows for which the chain holds. */
  readonly bracket: Bracket;
  readonly doubt: Doubt;
  /** The source cannot follow the chain: what `bracket` leaves is not worth a probe, if it can be told more narrowly. */
  readonly blind: boolean;
  /** The sources where the other end may be. */
  readonly ends: ReadonlySet<string>;
}

/** A chain as a question about the rows of a mapping and, in the same source, of the mapping at the other end. */
export function linkOf(chain: Chain, mapping: CompiledMapping, sources: readonly PlannedSource[]): Link {
  const found = chain.direction === 'to' ? linkTo(chain, mapping, sources) : linkFrom(chain, mapping, sources);
  return isLinked(chain, mapping, found) ? elsewhere(chain, sources) : found;
}

/** May the resource between the two count for others, of which this source does not know? */
function isLinked({ direction, linked }: Chain, { source }: CompiledMapping, { ends }: Link): boolean {
  if (!linked) return false;
  return direction === 'from' ? linked.has(source) : [...ends].some((end) => linked.has(end));
}

/** Only who knows the link table can follow the chain. */
function elsewhere({ type }: Chain, sources: readonly PlannedSource[]): Link {
  const able = sources.filter(({ mappings }) => mappings.some((mapping) => mapping.type === type));
  return { bracket: unknown, blind: true, doubt: () => false, ends: new Set(able.map(({ name }) => name)) };
}

function linkTo(chain: Chain, mapping: CompiledMapping, sources: readonly PlannedSource[]): Link {
  const ends = new Set<string>();
  let references = 0;
  let certain = true;
  let blind = false;
  const follow = (reference: ReferenceBinding): Bracket => {
    const source = reference.target.source ?? mapping.source;
    const other = named(reference.target, chain.type, source, sources);
    if (other === 'nothing') return never;
    ends.add(source);
    if (other === 'several' || source !== mapping.source || !sameScheme(reference.target, other.id)) return unknown;
    const inner = conditionsOf(chain, other);
    if (other.relation.kind === 'constant') return isStatic(inner) ? inner : unknown;
    if (isOwnKey(reference, mapping, other)) {
      if (idLength(other.id) > idLength(mapping.id)) certain = false;
      return and(present(reference), inner);
    }
    certain &&= isWhole(other.id);
    const columns = reference.key.map(({ column }) => column);
    return isRaw(reference) && other.relation.kind === 'table'
      ? existing(other.relation, onKeys(other.relation.key, columns), inner, mapping, sources)
      : unknown;
  };
  const bracket = mapping.references(chain.reference, (reference) => {
    if (reference.type !== chain.type) return never;
    references++;
    const found = follow(reference);
    if (found === unknown) blind = true;
    return found;
  });
  if (mayReferElsewhere(chain, mapping)) {
    blind = true;
    for (const { name } of sources) ends.add(name);
  }
  return { bracket, blind, ends, doubt: certain ? 'never' : references === 1 ? 'unless referred' : () => false };
}

function linkFrom(chain: Chain, mapping: CompiledMapping, sources: readonly PlannedSource[]): Link {
  const ends = new Set<string>();
  const found: Bracket[] = [];
  const facets: string[] = [];
  let whole = true;
  const follow = (reference: ReferenceBinding, other: CompiledMapping): Bracket => {
    if (other.source !== mapping.source || !sameScheme(reference.target, mapping.id)) return unknown;
    const there = other.references(chain.reference, (one) => (one === reference ? present(one) : never));
    const inner = and(there, conditionsOf(chain, other));
    if (isOwnKey(reference, other, mapping)) {
      if (idLength(other.id) > idLength(mapping.id)) facets.push(other.id.facet!);
      return inner;
    }
    if (!isRaw(reference) || other.relation.kind !== 'table') return unknown;
    whole &&= isWhole(other.id);
    const columns = reference.key.map(({ column }) => column);
    const served = and(exactly(hasKey(other.relation)), inner);
    return existing(other.relation, onKeys(columns, mapping.relation.key), served, mapping, sources);
  };
  for (const source of sources) {
    for (const other of source.mappings) {
      if (other.type !== chain.type) continue;
      const before = found.length;
      if (mayReferElsewhere(chain, other)) found.push(unknown);
      for (const reference of referencesOf(chain, other)) {
        const leads = (reference.target.source ?? other.source) === mapping.source && reference.type === mapping.type;
        if (leads && mayName(reference.target, mapping.id)) found.push(follow(reference, other));
      }
      if (found.length > before) ends.add(source.name);
    }
  }
  const doubt = whole && facets.length === 0 ? 'never' : (id: string) => whole && makeIds(id, mapping.id, facets);
  return { bracket: or(...found), blind: found.includes(unknown), ends, doubt };
}

function referencesOf({ reference }: Chain, mapping: CompiledMapping): readonly ReferenceBinding[] {
  const found: ReferenceBinding[] = [];
  mapping.references(reference, (one) => {
    found.push(one);
    return never;
  });
  return found;
}

/** Are there references that the template does not tell: constants, stored documents, related rows? */
function mayReferElsewhere({ reference }: Chain, mapping: CompiledMapping): boolean {
  return mapping.references(reference, () => never).hi.op !== 'false';
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
  return partCount(a) === partCount(b) && (a.facet === b.facet || a.facet === undefined || b.facet === undefined);
}

function sameScheme(a: IdScheme, b: IdScheme): boolean {
  return (
    a.facet === b.facet &&
    a.stored === b.stored &&
    a.relation.kind === b.relation.kind &&
    a.relation.name === b.relation.name
  );
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
  if (mapping.relation.kind !== 'table' || relation.numbered || !isOfOneRow(inner.hi)) return unknown;
  const joined = sources.find(({ name }) => name === mapping.source)?.joins?.(relation, on, mapping.relation);
  if (joined === undefined) return unknown;
  const there = (where: Selection): Selection => (where.op === 'false' ? FALSE : { op: 'exists', relation, on, where });
  if (joined === 'exact' && inner.lo === inner.hi) return exactly(there(inner.hi));
  return { lo: FALSE, hi: there(inner.hi) };
}

/** Of two ids made of one key, the longer one has the longer facet; stored ids are never too long. */
function idLength({ facet, stored }: IdScheme): number {
  return stored || facet === undefined ? 0 : facet.length + 1;
}

/** A whole number is never too long for an id. */
function isWhole({ relation, integers }: IdScheme): boolean {
  return relation.key.length === 1 && integers.includes(relation.key[0]!);
}

/** Would the same key make an id with each of these facets? */
function makeIds(id: string, { relation, facet }: IdScheme, others: readonly string[]): boolean {
  const parsed = parseId(id);
  const key = parsed && keyOf(parsed.rest, relation.key.length, facet);
  return key !== undefined && others.every((other) => formatId(parsed!.source, key, other) !== undefined);
}
