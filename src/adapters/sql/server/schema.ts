import { Fault } from '../../../errors/fault.js';
import type { LiveTable } from '../../../source/adapter.js';
import type { TableRelation } from '../../../source/relation.js';
import type { ServerColumn } from './column.js';

export interface ServerTable extends LiveTable {
  /** Qualified and quoted. */
  readonly sql: string;
  readonly columns: readonly ServerColumn[];
  /** Unique keys whose columns are never null, the primary key first: any of them names a row. */
  readonly rowKeys: readonly (readonly string[])[];
  /** It has rows of its own: a view has none. */
  readonly stored: boolean;
  /** False: its changes are kept whether or not their transaction is. */
  readonly undoes?: boolean;
}

/** What a server holds, as it was asked last. */
export type Catalog = ReadonlyMap<string, ServerTable>;

/** One column of one index, in their order. */
export interface IndexPart {
  readonly index: string;
  readonly unique: boolean;
  readonly primary: boolean;
  readonly column: string;
}

export interface TableParts {
  readonly name: string;
  readonly sql: string;
  readonly stored: boolean;
  readonly undoes?: boolean;
  readonly columns: readonly Omit<ServerColumn, 'leads'>[];
  readonly parts: readonly IndexPart[];
}

export function tableOfParts({ name, sql, stored, undoes, columns, parts }: TableParts): ServerTable {
  const byIndex = new Map<string, IndexPart[]>();
  for (const part of parts) {
    const group = byIndex.get(part.index);
    if (group) group.push(part);
    else byIndex.set(part.index, [part]);
  }
  const indexes = [...byIndex.values()].map((group) => ({
    name: group[0]!.index,
    unique: group[0]!.unique,
    primary: group[0]!.primary,
    columns: group.map(({ column }) => column),
  }));
  const leading = new Set(indexes.map((index) => index.columns[0]));
  const unique = indexes.filter((index) => index.unique).sort((a, b) => Number(b.primary) - Number(a.primary));
  const notNull = new Set(columns.filter(({ nullable }) => !nullable).map((column) => column.name));
  return {
    name,
    sql,
    stored,
    ...(undoes === false && { undoes }),
    columns: columns.map((column) => ({ ...column, leads: leading.has(column.name) })),
    uniqueKeys: unique.map((index) => index.columns),
    rowKeys: unique.filter((index) => index.columns.every((one) => notNull.has(one))).map((index) => index.columns),
    indexes: indexes.map((index) => ({ name: index.name, columns: index.columns, unique: index.unique })),
  };
}

export function tableOf(catalog: Catalog, relation: TableRelation): ServerTable {
  const table = catalog.get(relation.name) ?? alike([...catalog.values()], relation.name);
  if (!table) throw new Fault('source-schema', `Table ${relation.name} does not exist`);
  return table;
}

export function columnOf(table: ServerTable, relation: TableRelation, name: string): ServerColumn {
  const path = relation.columns[name]?.path;
  const live = path?.length === 1 ? alike(table.columns, path[0]!) : undefined;
  if (!live)
    throw new Fault('source-schema', `Column ${path?.join('.') ?? name} of table ${relation.name} does not exist`);
  return live;
}

/** The one of that name; or else the only one of that name in another case. */
function alike<T extends { readonly name: string }>(all: readonly T[], name: string): T | undefined {
  const exact = all.find((one) => one.name === name);
  if (exact) return exact;
  const found = all.filter((one) => one.name.toLowerCase() === name.toLowerCase());
  return found.length === 1 ? found[0] : undefined;
}

/** Does a unique index prove that no two rows have one native key? */
export function provenUnique(table: ServerTable, key: readonly ServerColumn[]): boolean {
  const names = new Set(key.map(({ name }) => name));
  return table.uniqueKeys.some((unique) => unique.every((name) => names.has(name)));
}
