import type { Adapter } from '#src/source/adapter.js';
import type { Cell, Row } from '#src/source/row.js';
import { TRUE } from '#src/source/selection.js';
import { collect, patient, type Tables } from './ask.js';
import { columnsOf, relationOf, type Store, type StoredTable } from './store.js';

/** The tables as a plain full scan hands them back: what the store made of the cells is its own affair, what it makes of questions is not. */
export async function handedBack(store: Store, adapter: Adapter, stored: readonly StoredTable[]): Promise<Tables> {
  const tables: Record<string, { columns: string[]; rows: Row[] }> = {};
  for (const table of stored) {
    const relation = relationOf(store, table, []);
    const scan = { relation, output: columnsOf(table), where: TRUE, order: [] };
    const { rows } = await collect(adapter.scan(adapter.narrow(scan, []).scan, patient()));
    const paths = table.columns.map(({ name }) => relation.columns[name]!.path);
    const columns = [...new Set(paths.map((path) => path[0]!))];
    tables[table.name] = { columns, rows: rows.map((row) => nested(columns, paths, row)) };
  }
  return tables;
}

/** A flat row as the row of documents that the paths of its columns read. */
function nested(columns: readonly string[], paths: readonly (readonly string[])[], row: Row): Row {
  const document: Record<string, unknown> = {};
  paths.forEach((path, i) => {
    let at = document;
    for (const step of path.slice(0, -1)) {
      at[step] ??= {};
      at = at[step] as Record<string, unknown>;
    }
    at[path.at(-1)!] = row[i];
  });
  return columns.map((name) => document[name] as Cell);
}
