import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import Database from 'better-sqlite3';
import { openSqlite } from '#src/adapters/sqlite/adapter.js';
import { writeContract } from './write.contract.js';
import type { WriteStore, WrittenColumn, WrittenTable } from './write-store.js';

const types = { text: 'TEXT', integer: 'INTEGER', number: 'REAL', boolean: 'BOOLEAN' } as const;

function declared({ name, type, length, required, unique, assigned, checked }: WrittenColumn): string {
  if (assigned) return `"${name}" INTEGER PRIMARY KEY AUTOINCREMENT`;
  const rules = [
    ...(required ? ['NOT NULL'] : []),
    ...(unique ? ['UNIQUE'] : []),
    ...(checked ? [`CHECK ("${name}" <> 'forbidden')`] : []),
    ...(length ? [`CHECK (length("${name}") <= ${length})`] : []),
  ];
  return `"${name}" ${types[type as keyof typeof types]} ${rules.join(' ')}`;
}

function fill(database: Database.Database, { name, columns, key, keyed, rows }: WrittenTable): void {
  database.exec(`CREATE TABLE "${name}" (${columns.map(declared).join(', ')})`);
  if (keyed) database.exec(`CREATE UNIQUE INDEX "${name}_key" ON "${name}" ("${key}")`);
  const insert = database.prepare(`INSERT INTO "${name}" VALUES (${columns.map(() => '?').join(', ')})`);
  for (const row of rows) insert.run(...row.map((cell) => (typeof cell === 'boolean' ? Number(cell) : cell)));
}

const store = (name: string, journal: string): WriteStore => ({
  name,
  types: ['text', 'integer', 'number', 'boolean'],
  open: async (tables) => {
    const folder = mkdtempSync(join(tmpdir(), 'write-'));
    const location = join(folder, 'his.db');
    const database = new Database(location);
    database.pragma(`journal_mode = ${journal}`);
    database.defaultSafeIntegers(true);
    for (const table of tables) fill(database, table);
    database.exec('CREATE VIEW seen AS SELECT * FROM people');
    const adapter = openSqlite({ name: 'his', location, timeoutMs: 10_000 });
    return {
      adapter,
      native: async (table) =>
        database
          .prepare(`SELECT *, ${bytes(tables, table)} FROM "${table}" ORDER BY 1, rowid`)
          .raw()
          .all(),
      cannot: (people) => {
        const path = ['name', 'first'];
        const nested = { ...people, columns: { ...people.columns, name: { name: 'name', path } } };
        return (['insert', 'update', 'delete'] as const).map((change) => [nested, change]);
      },
      close: async () => {
        await adapter.close();
        database.close();
        rmSync(folder, { recursive: true });
      },
    };
  },
});

/** The type and the bytes of each cell, which a number or a text alone does not tell. */
function bytes(tables: readonly WrittenTable[], name: string): string {
  const { columns } = tables.find((table) => table.name === name)!;
  return columns.map((column) => `typeof("${column.name}"), hex("${column.name}")`).join(', ');
}

writeContract(store('sqlite', 'DELETE'));
writeContract(store('sqlite, with a write-ahead log', 'WAL'));
