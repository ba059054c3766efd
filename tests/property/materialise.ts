import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import Database from 'better-sqlite3';
import { openDuckdb } from '#src/adapters/duckdb/adapter.js';
import { openMemory } from '#src/adapters/memory/adapter.js';
import { openSqlite } from '#src/adapters/sqlite/adapter.js';
import type { MappingFolder } from '#src/mapping/load-folder.js';
import type { Adapter } from '#src/source/adapter.js';
import type { TableRelation } from '#src/source/relation.js';
import type { Cell, Row } from '#src/source/row.js';
import type { DataSet } from './data-set.js';
import { type Form, forms, type Hospital, type HospitalTable, type Name } from './hospitals.js';

/** A source of an engine that is made for a test. */
export interface Source {
  readonly name: string;
  readonly folder: MappingFolder;
  readonly adapter: Adapter;
}

export interface Store {
  readonly sources: readonly Source[];
  /** Where the files lie. */
  readonly folder?: string;
  remove(): Promise<void>;
}

/** Tables of a hospital, cells in the order of their columns. */
export type Tables = readonly { readonly table: HospitalTable; readonly rows: readonly Row[] }[];

/** The data set as lists in memory. */
export function inMemory(hospitals: readonly Hospital[], data: DataSet): Store {
  const sources = hospitals.map((hospital) => ({
    name: hospital.name,
    folder: hospital.folder,
    adapter: listsOf(tablesOf(hospital, data)),
  }));
  return { sources, remove: async () => {} };
}

/** Rows as lists in memory. */
export function listsOf(tables: Tables): Adapter {
  return openMemory(Object.fromEntries(tables.map(memoryTable)));
}

/** The data set as each hospital keeps it: SQLite files, nested JSON, CSV. */
export function inFiles(hospitals: readonly Hospital[], data: DataSet): Store {
  const folder = mkdtempSync(join(tmpdir(), 'healthsync-property-'));
  const sources = hospitals.map((hospital) => {
    const location = join(folder, hospital.name);
    mkdirSync(location);
    const adapter = writers[forms[hospital.name]](hospital, location, tablesOf(hospital, data));
    return { name: hospital.name, folder: hospital.folder, adapter };
  });
  return { sources, folder, remove: async () => rmSync(folder, { recursive: true, force: true }) };
}

/** Rows of one hospital as it keeps them, and as a database's own columns changed what was written to them. */
export async function inFolder({ hospital, rows }: { hospital: Hospital; rows: DataSet['rows'][Name] }) {
  const folder = mkdtempSync(join(tmpdir(), 'healthsync-property-'));
  const tables = hospital.tables.map((table) => ({ table, rows: rows[table.relation.name]! }));
  const adapter = writers[forms[hospital.name]](hospital, folder, tables);
  const kept = forms[hospital.name] === 'sqlite' ? heldBy(join(folder, 'hospital.db'), hospital) : tables;
  return { adapter, kept, remove: async () => rmSync(folder, { recursive: true, force: true }) };
}

/** The cells that a database holds, told by its driver. */
export function heldBy(path: string, { tables }: Hospital): Tables {
  const database = new Database(path, { readonly: true }).defaultSafeIntegers();
  const held = tables.map((table) => {
    const columns = table.columns.map(({ name }) => name).join(', ');
    const rows = database
      .prepare(`SELECT ${columns} FROM ${table.relation.name} ORDER BY rowid`)
      .raw()
      .all() as Cell[][];
    return { table, rows: rows.map((row) => row.map(narrowed)) };
  });
  database.close();
  return held;
}

function narrowed(cell: Cell): Cell {
  return typeof cell === 'bigint' && Number.isSafeInteger(Number(cell)) ? Number(cell) : cell;
}

function tablesOf({ name, tables }: Hospital, data: DataSet): Tables {
  return tables.map((table) => ({ table, rows: data.rows[name][table.relation.name]! }));
}

const writers: Readonly<Record<Form, (hospital: Hospital, location: string, tables: Tables) => Adapter>> = {
  sqlite: ({ name }, location, tables) => {
    const path = join(location, 'hospital.db');
    const database = new Database(path);
    database.pragma('synchronous=OFF');
    database.pragma('journal_mode=OFF');
    for (const { table, rows } of tables) {
      // Faults that the hospital's own declaration would refuse: repeated keys.
      database.exec(table.declaration!.replace(' PRIMARY KEY', ''));
      const insert = database.prepare(
        `INSERT INTO ${table.relation.name} (${table.columns.map((column) => column.name).join(', ')}) VALUES (${table.columns.map(() => '?').join(', ')})`,
      );
      database.transaction(() => {
        for (const row of rows) insert.run(row.map((cell) => (typeof cell === 'boolean' ? Number(cell) : cell)));
      })();
      for (const column of table.relation.key) {
        const index = `INDEX ${table.relation.name}_${column} ON ${table.relation.name} (${column})`;
        database.exec(`CREATE ${isUnique(database, table.relation) ? 'UNIQUE ' : ''}${index}`);
      }
    }
    database.close();
    return openSqlite({ name, location: path, timeoutMs: 10_000 });
  },
  json: ({ name }, location, tables) => {
    for (const { table, rows } of tables) {
      writeFileSync(
        join(location, `${table.relation.name}.json`),
        `[\n${rows.map((row) => document(table.relation, table.columns, row)).join(',\n')}\n]\n`,
      );
    }
    return openDuckdb({ name, location, timeoutMs: 10_000 });
  },
  csv: ({ name }, location, tables) => {
    for (const { table, rows } of tables) {
      const lines = [table.columns.map((column) => column.name), ...rows].map((row) => row.map(csvField).join(','));
      writeFileSync(join(location, `${table.relation.name}.csv`), `${lines.join('\n')}\n`);
    }
    return openDuckdb({ name, location, timeoutMs: 10_000 });
  },
};

/** A sound hospital says that its keys are unique. */
function isUnique(database: Database.Database, { name, key }: TableRelation): boolean {
  if (key.length !== 1) return false;
  const counted = database.prepare(`SELECT count(*) = count(DISTINCT ${key[0]}) FROM ${name}`).pluck().get();
  return counted === 1;
}

function csvField(cell: Cell): string {
  const text = cell === null ? '' : String(cell);
  return /^[\w.:-]*$/.test(text) ? text : `"${text.replaceAll('"', '""')}"`;
}

type Columns = HospitalTable['columns'];

function nested(relation: TableRelation, columns: Columns, row: Row): Record<string, unknown> {
  const root: Record<string, unknown> = {};
  for (const [i, { name }] of columns.entries()) {
    const path = relation.columns[name]!.path;
    let at = root;
    for (const step of path.slice(0, -1)) {
      at[step] ??= {};
      at = at[step] as Record<string, unknown>;
    }
    at[path.at(-1)!] = row[i];
  }
  return root;
}

function document(relation: TableRelation, columns: Columns, row: Row): string {
  const marked = JSON.stringify(nested(relation, columns, row), (_, value) =>
    typeof value === 'bigint' ? `\ue001${value}\ue001` : value,
  );
  return marked.replaceAll(/"\ue001(-?\d+)\ue001"/g, '$1');
}

function memoryTable({ table: { relation, columns }, rows }: Tables[number]) {
  const documents = rows.map((row) => nested(relation, columns, row));
  const first = [...new Set(columns.map(({ name }) => relation.columns[name]!.path[0]!))];
  return [
    relation.name,
    { columns: first, rows: documents.map((one) => first.map((name) => (one[name] ?? null) as Cell)) },
  ] as const;
}
