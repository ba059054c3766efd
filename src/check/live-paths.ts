import type { LiveTable } from '../source/adapter.js';
import type { Column } from '../source/relation.js';
import { TRUE } from '../source/selection.js';
import { tablesRead } from './columns-read.js';
import type { Live } from './examined.js';

/** A column of a live table; in documents, a path to something that is no object. */
export interface LivePath {
  readonly path: readonly string[];
  /** As the database declares it; '' inside documents. */
  readonly type: string;
  /** Null in every row looked at. */
  readonly empty: boolean;
}

const rowsOfDocuments = 5000;

/** The columns of a table, and what the first rows hold below those that are documents. */
export async function livePaths(table: LiveTable, live: Live): Promise<readonly LivePath[]> {
  const documents = table.columns.filter(({ type }) => type.toLowerCase() === 'json');
  const plain = table.columns
    .filter((column) => !documents.includes(column))
    .map(({ name, type }) => ({ path: [name], type, empty: false }));
  if (documents.length === 0) return plain;
  const found = new Map<string, { path: readonly string[]; type: string; empty: boolean }>();
  const arrays = new Set(
    tablesRead(live.compiled).flatMap(({ name, unwind = [] }) =>
      name === table.name ? unwind.map((path) => JSON.stringify(path)) : [],
    ),
  );
  const note = (value: unknown, path: readonly string[]): void => {
    if (Array.isArray(value) && arrays.has(JSON.stringify(path))) {
      for (const element of value) note(element, path);
      return;
    }
    if (typeof value === 'object' && value !== null && !Array.isArray(value)) {
      for (const [name, child] of Object.entries(value)) note(child, [...path, name]);
      return;
    }
    const key = JSON.stringify(path);
    const known = found.get(key);
    found.set(key, { path, type: '', empty: value === null && (known?.empty ?? true) });
  };
  const columns: Record<string, Column> = Object.fromEntries(
    documents.map(({ name }) => [name, { name, path: [name] }]),
  );
  const scan = {
    relation: { kind: 'table', name: table.name, key: [], columns },
    output: documents.map(({ name }) => ({ kind: 'column', column: name }) as const),
    where: TRUE,
    order: [],
    limit: rowsOfDocuments,
  } as const;
  for await (const { rows } of live.adapter.scan(scan, live.call())) {
    for (const row of rows) for (const [i, { name }] of documents.entries()) note(row[i], [name]);
  }
  return [...plain, ...found.values()];
}
