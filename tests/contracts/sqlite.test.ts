import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import Database from 'better-sqlite3';
import { openSqlite, type Slices } from '#src/adapters/sqlite/adapter.js';
import { sourceContract } from './source.contract.js';
import type { Store, StoredTable } from './store.js';

const types = { text: 'TEXT', integer: 'INTEGER', number: 'REAL', any: '' } as const;
const quoted = (name: string) => `"${name}"`;

export function fill(
  database: Database.Database,
  { name, columns, rows, unique, indexes }: StoredTable,
  collation = '',
): void {
  const declared = columns.map(
    (column) => `${quoted(column.name)} ${types[column.type]}${column.type === 'text' ? collation : ''}`,
  );
  database.exec(`CREATE TABLE ${quoted(name)} (${declared.join(', ')})`);
  const insert = database.prepare(`INSERT INTO ${quoted(name)} VALUES (${columns.map(() => '?').join(', ')})`);
  const bound = (cell: unknown) => (typeof cell === 'boolean' ? Number(cell) : cell);
  database.transaction(() => {
    for (const row of rows) insert.run(...row.map(bound));
  })();
  for (const [i, index] of [unique, ...indexes].entries()) {
    database.exec(
      `CREATE ${i === 0 ? 'UNIQUE ' : ''}INDEX ${quoted(`${name}_${i}`)} ON ${quoted(name)} (${index.map(quoted).join(', ')})`,
    );
  }
}

interface Laid {
  readonly collation?: string;
  readonly indexed?: boolean;
  readonly slices?: Slices;
  /** Each table in a file of its own, and the folder is the location. */
  readonly apart?: boolean;
}

const store = (name: string, { collation = '', indexed = true, slices, apart = false }: Laid = {}): Store => ({
  name,
  types: ['text', 'integer', 'number', 'any'],
  open: async (tables) => {
    const folder = mkdtempSync(join(tmpdir(), 'source-'));
    const fileOf = ({ name: table }: StoredTable) => join(folder, apart ? `${table}.db` : 'his.db');
    for (const table of tables) {
      const database = new Database(fileOf(table));
      fill(database, indexed ? table : { ...table, indexes: [] }, collation);
      database.close();
    }
    const location = apart ? folder : join(folder, 'his.db');
    const adapter = openSqlite({ name: 'his', location, timeoutMs: 10_000 }, slices);
    return {
      adapter,
      close: async () => {
        await adapter.close();
        rmSync(folder, { recursive: true });
      },
    };
  },
});

sourceContract(store('sqlite'));
sourceContract(store('sqlite without indexes', { indexed: false }));
sourceContract(store('sqlite, NOCASE columns', { collation: ' COLLATE NOCASE' }));
// The shortest slices: the worker does all but the least, and is interrupted every few rows.
sourceContract(store('sqlite in slices', { slices: { serving: 0, worker: 0 } }));
sourceContract(store('sqlite, a file for each table', { apart: true }));
