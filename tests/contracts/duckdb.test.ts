import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openDuckdb } from '#src/adapters/duckdb/adapter.js';
import type { Cell } from '#src/source/row.js';
import { sourceContract } from './source.contract.js';
import type { Store, StoredTable } from './store.js';

const missingTable =
  'a file that is missing is a source that is away: source-unavailable, tested in tests/unit/adapters/duckdb';
const paths: Readonly<Record<string, readonly string[]>> = {
  name: ['name', "gi'ven"],
  packed: ['a/b', '"c~'],
  day: ['day', '0'],
};

const csvField = (cell: Cell): string => (cell === null ? '' : `"${String(cell).replaceAll('"', '""')}"`);

function csv({ columns, rows }: StoredTable): string {
  return [columns.map(({ name }) => name), ...rows].map((row) => `${row.map(csvField).join(',')}\r\n`).join('');
}

/** JSON.stringify, but for integers beyond 2^53. */
function json(cell: Cell): string {
  return typeof cell === 'bigint' ? String(cell) : JSON.stringify(cell);
}

function document({ columns }: StoredTable, row: readonly Cell[]): string {
  const members = columns.map(({ name }, i) => {
    const [first, second] = paths[name] ?? [name];
    const value = second === undefined ? json(row[i]!) : `{${JSON.stringify(second)}: ${json(row[i]!)}}`;
    return `${JSON.stringify(first)}: ${value}`;
  });
  return `{${members.join(', ')}}`;
}

const array = (table: StoredTable) => `[\n${table.rows.map((row) => document(table, row)).join(',\n')}\n]\n`;
const lines = (table: StoredTable) => table.rows.map((row) => `${document(table, row)}\n`).join('');

function store(
  name: string,
  extension: string,
  write: (table: StoredTable) => string,
  more: Pick<Store, 'types' | 'path' | 'omits'>,
): Store {
  return {
    name,
    ...more,
    open: async (tables) => {
      const folder = await mkdtemp(join(tmpdir(), 'duckdb [contract] '));
      for (const table of tables) await writeFile(join(folder, table.name + extension), write(table));
      const adapter = openDuckdb({ name: 'his', location: folder, timeoutMs: 60_000 });
      const close = async () => {
        await adapter.close();
        await rm(folder, { recursive: true });
      };
      return { adapter, close };
    },
  };
}

const documents = {
  types: ['text', 'integer', 'number', 'any'],
  path: (_: string, column: string) => paths[column] ?? [column],
  omits: {
    'a missing table is named': missingTable,
    'a missing column is named, wherever it is used':
      'documents need not have all members: what no document has is null',
  },
} as const;

sourceContract(store('CSV', '.csv', csv, { types: ['text'], omits: { 'a missing table is named': missingTable } }));
sourceContract(store('JSON', '.json', array, documents));
sourceContract(store('NDJSON', '.ndjson', lines, documents));
