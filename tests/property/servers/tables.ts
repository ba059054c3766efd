import type { Adapter } from '#src/source/adapter.js';
import type { TableRelation } from '#src/source/relation.js';
import { tablesAs } from '../../support/tables-as.js';

/** The tables of an adapter that nests nothing: a column lies where its name says. */
export const flat = (adapter: Adapter, name = (table: string) => table): Adapter =>
  tablesAs(adapter, (table) => flattened(table, name(table.name)));

function flattened(table: TableRelation, name: string): TableRelation {
  const columns = Object.keys(table.columns).map((column) => [column, { name: column, path: [column] }] as const);
  return { ...table, name, columns: Object.fromEntries(columns) };
}
