import type { Resource } from '@medplum/fhirtypes';
import { chainTest, isChain } from './chains.js';
import { type Context, testOf } from './criteria.js';
import { parameterOf } from './definitions.js';
import { type Element, elementsOf } from './elements.js';
import { compareCodePoints } from './fold.js';
import { type Criterion, readSearch, type SortKey, splitUnescaped } from './query-text.js';
import { Refused } from './refused.js';
import { compareSortKeys, type SortValue, sortValue } from './sort-keys.js';

export type { Context } from './criteria.js';
export { Refused } from './refused.js';
export { compareSortKeys, type SortValue, sortKeys } from './sort-keys.js';

/** Every match of a search, whatever its `_count`: ids in `_sort` order, ties by source tag, then by the rest of the id. */
export interface Answer {
  readonly ids: readonly string[];
  readonly total: number;
}

/**
 * What R4 says a search over these resources answers. Values are read once per resource and parameter and kept for as long
 * as the array lives, so the array and its resources may not change between calls.
 * @throws Refused where the search text is not legal R4.
 */
export function search(resources: readonly Resource[], query: string, context: Context): Answer {
  const { type, criteria, sort } = readSearch(query);
  const table = tableOf(resources, type);
  const accepts = criteria.map((criterion) =>
    isChain(criterion) ? chained(table, resources, criterion, context) : condition(table, criterion, context),
  );
  const rows: number[] = [];
  for (let row = 0; row < table.resources.length; row++) if (accepts.every((accept) => accept(row))) rows.push(row);
  order(table, rows, sort);
  return { ids: rows.map((row) => table.resources[row]!.id!), total: rows.length };
}

/** The resources of one type, with what was read of them so far, by parameter and view: a list of values per row. */
interface Table {
  readonly type: string;
  readonly resources: readonly Resource[];
  readonly elements: Map<string, readonly (readonly Element[])[]>;
  readonly values: Map<string, readonly (readonly never[])[]>;
  readonly keys: Map<string, readonly SortValue[]>;
  /** The place of each row in the order of ties. */
  rank?: readonly number[];
}

const tables = new WeakMap<readonly Resource[], Map<string, Table>>();

function tableOf(resources: readonly Resource[], type: string): Table {
  const byType = tables.get(resources) ?? new Map<string, Table>();
  tables.set(resources, byType);
  return kept(byType, type, () => ({
    type,
    resources: resources.filter((resource) => resource.resourceType === type),
    elements: new Map(),
    values: new Map(),
    keys: new Map(),
  }));
}

/** What stands at the other end is searched among all resources. */
function chained(
  table: Table,
  resources: readonly Resource[],
  criterion: Criterion,
  context: Context,
): (row: number) => boolean {
  const accepts = chainTest(criterion, table.type, resources, context, (text) => search(resources, text, context).ids);
  return (row) => accepts(table.resources[row]!);
}

function condition(table: Table, { code, modifier, value }: Criterion, context: Context): (row: number) => boolean {
  const parameter = parameterOf(table.type, code);
  const elements = kept(table.elements, code, () => table.resources.map((resource) => elementsOf(parameter, resource)));
  if (modifier === 'missing') {
    if (value !== 'true' && value !== 'false') throw new Refused(`:missing=${value}`);
    return (row) => (elements[row]!.length === 0) === (value === 'true');
  }
  const tests = splitUnescaped(value, ',')
    .filter((part) => part !== '')
    .map((part) => testOf(parameter, modifier, part, context));
  const [first] = tests;
  if (!first) return () => true;
  const { view, values } = first;
  const column = kept(table.values, `${code} ${view}`, () => elements.map((row) => row.flatMap(values)));
  const some = (row: number) => column[row]!.some((each) => tests.some((test) => test.matches(each)));
  return modifier === 'not' ? (row) => !some(row) : some;
}

function order(table: Table, rows: number[], sort: readonly SortKey[]): void {
  const columns = sort.map((key) =>
    kept(table.keys, `${key.descending} ${key.code}`, () =>
      table.resources.map((resource) => sortValue(resource, key)),
    ),
  );
  table.rank ??= ranks(table.resources);
  const rank = table.rank;
  rows.sort((a, b) => {
    for (let i = 0; i < sort.length; i++) {
      const result = compareSortKeys([columns[i]![a]], [columns[i]![b]], [sort[i]!]);
      if (result !== 0) return result;
    }
    return rank[a]! - rank[b]!;
  });
}

/** An id is `<source tag>.<native key>`: by the tag, then by the key. */
function ranks(resources: readonly Resource[]): number[] {
  const parts = resources.map((resource) => {
    const id = resource.id ?? '';
    const dot = id.indexOf('.');
    return dot < 0 ? { tag: '', key: id } : { tag: id.slice(0, dot), key: id.slice(dot + 1) };
  });
  const rows = resources.map((_, row) => row);
  rows.sort(
    (a, b) => compareCodePoints(parts[a]!.tag, parts[b]!.tag) || compareCodePoints(parts[a]!.key, parts[b]!.key),
  );
  const rank: number[] = [];
  for (const [place, row] of rows.entries()) rank[row] = place;
  return rank;
}

function kept<V>(map: Map<string, V>, key: string, make: () => V): V {
  const found = map.get(key);
  if (found !== undefined) return found;
  const made = make();
  map.set(key, made);
  return made;
}
