import { mkdtempSync, readFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DuckDBInstance } from '@duckdb/node-api';
import Database from 'better-sqlite3';
import { generate } from '#demo/generate.js';

export type Row = Record<string, unknown>;
export interface HospitalTables {
  patients: Row[];
  staff: Row[];
  finance: Row[];
}
export interface TruthLine {
  person: number;
  id: string;
  birthDate: string;
  faults: string[];
}
export interface DemoData {
  folder: string;
  a: HospitalTables;
  b: HospitalTables;
  c: HospitalTables;
  d: HospitalTables;
  truth: TruthLine[];
}

export const temporaryFolder = (): string => mkdtempSync(join(tmpdir(), 'healthsync-demo-'));

/** Generates the four hospitals into a new folder and reads them back with the tools that own their formats. */
export async function demoData(seed: number, patients: number): Promise<DemoData> {
  const folder = temporaryFolder();
  await generate({ seed, patients, out: folder });
  return {
    folder,
    a: readSqlite(join(folder, 'his-a/hospital.db')),
    b: await readEach((table) => JSON.parse(readFileSync(join(folder, `his-b/${table}.json`), 'utf8')) as Row[]),
    c: await readEach((table) => readCsv(join(folder, `his-c/${table}.csv`))),
    d: readSqlite(join(folder, 'his-d/hospital.db')),
    truth: readFileSync(join(folder, 'truth.ndjson'), 'utf8')
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line) as TruthLine),
  };
}

async function readEach(read: (table: string) => Row[] | Promise<Row[]>): Promise<HospitalTables> {
  return { patients: await read('patients'), staff: await read('staff'), finance: await read('finance') };
}

function readSqlite(path: string): HospitalTables {
  const database = new Database(path, { readonly: true });
  const read = (table: string) => database.prepare(`SELECT * FROM ${table}`).all() as Row[];
  const tables = { patients: read('patients'), staff: read('staff'), finance: read('finance') };
  database.close();
  return tables;
}

async function readCsv(path: string): Promise<Row[]> {
  const instance = await DuckDBInstance.create();
  const connection = await instance.connect();
  const reader = await connection.runAndReadAll(
    `SELECT * FROM read_csv('${path}', all_varchar = true, header = true, delim = ',', quote = '"', escape = '"')`,
  );
  const rows = reader.getRowObjects() as Row[];
  connection.closeSync();
  instance.closeSync();
  return rows;
}
