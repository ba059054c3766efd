import { createHash } from 'node:crypto';
import { Fault } from '../errors/fault.js';
import { type SearchParameter, searchParameters } from '../fhir/search-parameters.js';
import { searchPaths } from '../fhir/search-path.js';
import type { Condition, SortKey } from '../query/query.js';
import type { OrderTerm, Output } from '../source/adapter.js';
import type { Expression } from '../source/expression.js';
import type { Relation } from '../source/relation.js';
import type { Cell } from '../source/row.js';
import { type Selection, TRUE } from '../source/selection.js';
import { type Bracket, unknown } from './bracket.js';
import type { Mapping } from './define.js';
import { compileDocumentCondition, documentParameters } from './document.js';
import { type IdScheme, idOf } from './id-scheme.js';
import { child, codecOf, type KeyCell, keyCells, type SearchSetting } from './leaf.js';
import { orderOf } from './order.js';
import { compileReader, type Read } from './read.js';
import { compileCondition, reaches, type Searched } from './search/condition.js';
import { pointsTo } from './search/points-to.js';
import { references } from './search/references.js';
import { type Binding, endsOf, kindOf, type LinkedBinding, type Node, type ReferenceBinding } from './template.js';
import { type CompiledWriter, compileWriter } from './write/writer.js';

/** A mapping made ready for one source: what execution and planning know of it. */
export interface CompiledMapping {
  readonly source: string;
  readonly name: string;
  readonly type: string;
  readonly relation: Relation;
  readonly id: IdScheme;
  readonly output: readonly Output[];
  /** Its key, ascending. */
  readonly keyOrder: readonly OrderTerm[];
  /** Positions of the key columns in a row. */
  readonly keyAt: readonly number[];
  readonly exists: Selection;
  readonly undecodable: 'report' | 'refuse';
  /** Its rows hold whole resources. */
  readonly document: boolean;
  readonly read: Read;
  /** Where the bytes of a row's Binary lie. */
  readonly content?: (row: readonly Cell[]) => string | undefined;
  readonly resourceId: (row: readonly Cell[]) => string | undefined;
  /** The id of a native key, of the texts of its cells; undefined when it can have none. */
  readonly idOf: (key: readonly string[]) => string | undefined;
  /** The native keys that an id may name, the likeliest first; none when it cannot be one of this mapping's. */
  readonly keysOf: (id: string) => readonly (readonly KeyCell[])[];
  readonly condition: (condition: Condition) => Bracket;
  /** The rows with a literal reference, at a parameter's paths, that `choose` selects. */
  readonly references: (parameter: SearchParameter, choose: (reference: ReferenceBinding) => Bracket) => Bracket;
  /** The rows with a literal reference to a resource, anywhere in them. */
  readonly pointsTo: (type: string, id: string) => Bracket;
  /** The expression that orders rows as their resources are sorted, if there is one. */
  readonly order: (key: SortKey) => Expression | undefined;
  readonly parameters: ReadonlyMap<string, SearchParameter>;
  /** Types that this mapping's references lead to, by search parameter. */
  readonly targets: ReadonlyMap<string, readonly string[]>;
  /** What it knows resources of other sources by, where links make references of it. */
  readonly keySpaces: readonly Pick<LinkedBinding, 'type' | 'space'>[];
  /** How resources become its rows; absent where they cannot. */
  readonly writer?: CompiledWriter;
  /** Identifies the mapping's meaning: content versions and cursors change with it. */
  readonly hash: string;
  readonly lastUpdated: boolean;
}

export function compileMapping(mapping: Mapping, setting: SearchSetting): CompiledMapping {
  const { definition, type } = mapping;
  if ((type === 'Binary') !== (definition.content !== undefined))
    throw new Fault('mapping', `Mapping ${definition.name} of ${type}: a Binary, and nothing else, has a content.`);
  const hash = createHash('sha256')
    .update(placed(mapping, () => meaning(mapping, setting)))
    .digest('hex')
    .slice(0, 16);
  const reader = placed(mapping, () => compileReader(mapping, setting, hash));
  const meta = {
    ...((definition.to as { meta?: object }).meta ?? {}),
    source: `urn:healthsync:${setting.source}`,
    ...(definition.lastUpdated && { lastUpdated: definition.lastUpdated }),
  };
  const searched: Searched = { type, id: definition.id, setting, root: { ...(definition.to as object), meta } as Node };
  const all = searchParameters(type);
  const { document } = definition;
  const parameters = document
    ? documentParameters(document, all)
    : new Map([...all].filter(([, parameter]) => reaches(parameter, searched)));
  const place = (column: string) =>
    reader.outputs.list.findIndex((output) => output.kind === 'column' && output.column === column);
  return {
    source: setting.source,
    name: definition.name,
    type,
    relation: definition.id.relation,
    id: definition.id,
    output: reader.outputs.list,
    keyOrder: definition.id.relation.key.map((column) => ({ of: { column, as: 'raw' }, direction: 'asc' })),
    keyAt: definition.id.relation.key.map(place),
    exists: definition.exists ?? TRUE,
    undecodable: definition.undecodable ?? 'report',
    document: document !== undefined,
    read: reader.read,
    ...(reader.content && { content: reader.content }),
    resourceId: reader.id,
    idOf: (key) => idOf(definition.id, key, setting),
    keysOf: (id) => combined(keyCells(definition.id, id, setting)),
    condition: document
      ? (condition) => compileDocumentCondition(condition, document, searched)
      : (condition) => compileCondition(condition, searched),
    references: (parameter, choose) => (document ? unknown : references(parameter, searched, choose)),
    pointsTo: (of, id) => pointsTo(searched.root, of, id, setting),
    order: (key) => (document ? undefined : orderOf(key.parameter, searched)),
    parameters,
    targets: document ? new Map() : targets(parameters, searched),
    keySpaces: linkedIn(definition.to).map(({ type: of, space }) => ({ type: of, space })),
    hash,
    ...(isWritable(mapping) && { writer: placed(mapping, () => compileWriter(mapping, reader, setting)) }),
    lastUpdated: definition.lastUpdated !== undefined,
  };
}

/** Are its rows those of one table, told apart by a key, each the whole of a resource's content? */
function isWritable({ definition: { id, document, content } }: Mapping): boolean {
  return id.relation.kind === 'table' && !id.relation.numbered && !document && !content;
}

/** Every combination of the cells that each column may hold. */
function combined(cells: readonly (readonly KeyCell[])[] | undefined): readonly (readonly KeyCell[])[] {
  if (!cells) return [];
  return cells.reduce<readonly (readonly KeyCell[])[]>(
    (keys, column) => column.flatMap((cell) => keys.map((key) => [...key, cell])),
    [[]],
  );
}

function placed<T>(mapping: Mapping, compile: () => T): T {
  try {
    return compile();
  } catch (cause) {
    const word = (cause as { readonly message?: unknown } | undefined)?.message ?? String(cause);
    throw new Fault('mapping', `Mapping ${mapping.definition.name} of ${mapping.type}: ${word}`, {}, { cause });
  }
}

/** The mapping as text, codecs by their tables and functions by their source: two mappings that read differently have different texts. */
function meaning(mapping: Mapping, setting: SearchSetting): string {
  return JSON.stringify(mapping, (_, value) => {
    if (typeof value === 'function') return String(value);
    if (typeof value === 'bigint') return `${value}n`;
    if (value instanceof Map) return [...value];
    return isBinding(value) ? { of: value.of, codec: { ...codecOf(value, setting) } } : value;
  });
}

function isBinding(value: unknown): value is Binding<unknown> {
  return typeof value === 'object' && value !== null && (value as { node?: unknown }).node === 'binding';
}

function targets(
  parameters: ReadonlyMap<string, SearchParameter>,
  { type, root }: Searched,
): ReadonlyMap<string, readonly string[]> {
  const found = new Map<string, readonly string[]>();
  for (const [code, parameter] of parameters) {
    if (parameter.type !== 'reference') continue;
    const types = new Set<string>();
    for (const path of searchPaths(parameter, type) ?? []) {
      let nodes: readonly Node[] = [root];
      for (const step of path.steps) nodes = nodes.flatMap((node) => inner(child(node, step.name)));
      for (const node of nodes) {
        for (const literal of inner(child(node, 'reference'))) {
          const kind = kindOf(literal);
          if (kind === 'reference' || kind === 'linked') types.add((literal as ReferenceBinding).type);
        }
      }
      if (path.target !== undefined) for (const t of types) if (t !== path.target) types.delete(t);
    }
    if (types.size > 0) found.set(code, [...types]);
  }
  return found;
}

/** Every leaf that links make a reference of. */
function linkedIn(node: Node): readonly LinkedBinding[] {
  return endsOf(node).filter((end): end is LinkedBinding => kindOf(end) === 'linked');
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
