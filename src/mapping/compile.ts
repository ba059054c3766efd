import { createHash } from 'node:crypto';
import { Fault } from '../errors/fault.js';
import { type SearchParameter, searchParameters } from '../fhir/search-parameters.js';
import { searchPaths } from '../fhir/search-path.js';
import type { Condition, SortKey } from '../query/query.js';
import type { Output } from '../source/adapter.js';
import type { Expression } from '../source/expression.js';
import type { Relation } from '../source/relation.js';
import type { Cell } from '../source/row.js';
import { type Selection, TRUE } from '../source/selection.js';
import type { Bracket } from './bracket.js';
import { text } from './codecs/text.js';
import type { Mapping } from './define.js';
import { compileDocumentCondition, documentParameters } from './document.js';
import type { IdScheme } from './id-scheme.js';
import { child, codecOf, keyCells, type SearchSetting } from './leaf.js';
import { compileReader, type Read } from './read.js';
import { compileCondition, reaches, type Searched } from './search/condition.js';
import { type Binding, kindOf, type Node, type ReferenceBinding } from './template.js';

/** A mapping made ready for one source: what execution and planning know of it. */
export interface CompiledMapping {
  readonly source: string;
  readonly name: string;
  readonly type: string;
  readonly relation: Relation;
  readonly id: IdScheme;
  readonly output: readonly Output[];
  /** Positions of the key columns in a row. */
  readonly keyAt: readonly number[];
  readonly exists: Selection;
  readonly undecodable: 'report' | 'refuse';
  readonly read: Read;
  readonly resourceId: (row: readonly Cell[]) => string | undefined;
  /** The native key that an id names, undefined when the id cannot be one of this mapping's. */
  readonly keyOf: (id: string) => readonly Exclude<Cell, object>[] | undefined;
  readonly condition: (condition: Condition) => Bracket;
  /** The expression that orders rows as their resources are sorted, if there is one. */
  readonly order: (key: SortKey) => Expression | undefined;
  readonly parameters: ReadonlyMap<string, SearchParameter>;
  /** Types that this mapping's references lead to, by search parameter. */
  readonly targets: ReadonlyMap<string, readonly string[]>;
  /** Identifies the mapping's meaning: content versions and cursors change with it. */
  readonly hash: string;
  readonly lastUpdated: boolean;
}

export function compileMapping(mapping: Mapping, setting: SearchSetting): CompiledMapping {
  const { definition, type } = mapping;
  const hash = createHash('sha256').update(meaning(mapping)).digest('hex').slice(0, 16);
  const reader = placed(mapping, () => compileReader(mapping, setting, hash));
  const meta = {
    ...((definition.to as { meta?: object }).meta ?? {}),
    source: `urn:healthsync:${setting.source}`,
    ...(definition.lastUpdated && { lastUpdated: definition.lastUpdated }),
  };
  const searched: Searched = { type, id: definition.id, setting, root: { ...(definition.to as object), meta } as Node };
  const all = searchParameters(type);
  const { document } = definition;
  const parameters = document ? documentParameters(document, all) : new Map([...all].filter(([, parameter]) => reaches(parameter, searched)));
  const place = (column: string) => reader.output.findIndex((output) => output.kind === 'column' && output.column === column);
  return {
    source: setting.source,
    name: definition.name,
    type,
    relation: definition.id.relation,
    id: definition.id,
    output: reader.output,
    keyAt: definition.id.relation.key.map(place),
    exists: definition.exists ?? TRUE,
    undecodable: definition.undecodable ?? 'report',
    read: reader.read,
    resourceId: reader.id,
    keyOf: (id) => keyCells(definition.id, id, setting.source),
    condition: document ? (condition) => compileDocumentCondition(condition, document, searched) : (condition) => compileCondition(condition, searched),
    order: (key) => (document ? undefined : order(key, searched)),
    parameters,
    targets: document ? new Map() : targets(parameters, searched),
    hash,
    lastUpdated: definition.lastUpdated !== undefined,
  };
}

function placed<T>(mapping: Mapping, compile: () => T): T {
  try {
    return compile();
  } catch (cause) {
    const word = cause instanceof Error ? cause.message : String(cause);
    throw new Fault('mapping', `Mapping ${mapping.definition.name} of ${mapping.type}: ${word}`, {}, { cause });
  }
}

/** The mapping as text, functions by their source: two mappings that read differently have different texts. */
function meaning(mapping: Mapping): string {
  return JSON.stringify(mapping, (_, value) =>
    typeof value === 'function' ? String(value) : typeof value === 'bigint' ? `${value}n` : value instanceof Map ? [...value] : value,
  );
}

/** Sorting goes down to the source when the parameter reads one unconditional column whose order is the values' own. */
function order({ parameter }: SortKey, { type, root, setting }: Searched): Expression | undefined {
  const paths = searchPaths(parameter, type);
  if (!paths || paths.some((path) => path.anyOf)) return undefined;
  const found: (Node | undefined)[] = [];
  for (const path of paths) {
    let nodes: readonly (Node | undefined)[] = [root];
    for (const step of path.steps) {
      nodes = nodes.flatMap((node) => slots(node)).flatMap((node) => slots(node === undefined ? node : child(node, step.name)).filter((slot) => isSlot(slot, step.where)));
    }
    found.push(...nodes.filter((node) => node !== undefined));
    if (nodes.length > 1) return undefined;
    const leafs = nodes.flatMap((node) => leaves(node, path.type));
    if (leafs.length === 1 && found.length === 1 && paths.every((p) => p === path || !reachesAny(root, p.steps))) return expression(leafs[0]!, parameter, setting);
  }
  return undefined;
}

function reachesAny(root: Node, steps: readonly { readonly name: string }[]): boolean {
  let nodes: readonly Node[] = [root];
  for (const step of steps) nodes = nodes.flatMap((node) => slots(child(node, step.name)).filter((slot): slot is Node => slot !== undefined));
  return nodes.length > 0;
}

function isSlot(node: Node | undefined, where: { readonly name: string; readonly equals: string } | undefined): boolean {
  return node !== undefined && (!where || child(node, where.name) === where.equals);
}

function slots(node: Node | undefined): readonly (Node | undefined)[] {
  if (node === undefined) return [];
  return kindOf(node) === 'array' ? (node as readonly Node[]) : [node];
}

const sortParts: Readonly<Record<string, readonly string[]>> = {
  HumanName: ['family', 'given', 'text', 'prefix', 'suffix'],
  Address: ['line', 'city', 'district', 'state', 'postalCode', 'country', 'text'],
  Identifier: ['value'],
  ContactPoint: ['value'],
  Period: ['start'],
  Quantity: ['value'],
  Money: ['value'],
};

function leaves(node: Node | undefined, type: string): readonly Node[] {
  if (node === undefined) return [];
  const parts = sortParts[type];
  if (!parts || kindOf(node) !== 'element') return [node];
  return parts.flatMap((part) => slots(child(node, part)).filter((slot): slot is Node => slot !== undefined));
}

function expression(node: Node, parameter: SearchParameter, setting: SearchSetting): Expression | undefined {
  if (kindOf(node) !== 'binding') return undefined;
  const binding = node as Binding<unknown>;
  const codec = codecOf(binding, setting);
  // Tokens and uris order as they are, strings without case and accents.
  if (codec === text && parameter.type !== 'string') return parameter.type === 'token' || parameter.type === 'uri' ? binding.of : undefined;
  return codec.order(binding.of);
}

function targets(parameters: ReadonlyMap<string, SearchParameter>, { type, root }: Searched): ReadonlyMap<string, readonly string[]> {
  const found = new Map<string, readonly string[]>();
  for (const [code, parameter] of parameters) {
    if (parameter.type !== 'reference') continue;
    const types = new Set<string>();
    for (const path of searchPaths(parameter, type) ?? []) {
      let nodes: readonly Node[] = [root];
      for (const step of path.steps) nodes = nodes.flatMap((node) => inner(child(node, step.name)));
      for (const node of nodes) {
        for (const literal of inner(child(node, 'reference'))) {
          if (kindOf(literal) === 'reference') types.add((literal as ReferenceBinding).type);
        }
      }
      if (path.target !== undefined) for (const t of types) if (t !== path.target) types.delete(t);
    }
    if (types.size > 0) found.set(code, [...types]);
  }
  return found;
}

/** The nodes that may stand there: slots, with conditions and related rows looked through. */
function inner(node: Node | undefined): readonly Node[] {
  if (node === undefined) return [];
  switch (kindOf(node)) {
    case 'array':
      return (node as readonly Node[]).flatMap(inner);
    case 'when':
    case 'each':
      return inner((node as unknown as { readonly to: Node }).to);
    default:
      return [node];
  }
}
