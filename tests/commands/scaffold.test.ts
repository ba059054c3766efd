import { mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, test } from '@jest/globals';
import Database from 'better-sqlite3';
import { runHealthsync } from '../support/run-healthsync.js';
import { scaffoldContract } from '../support/scaffold-contract.js';
import { scaffolded } from '../support/scaffolded.js';
import { createTable, type HospitalTable, smallHospital } from '../support/small-hospital.js';

const folder = mkdtempSync(join(tmpdir(), 'healthsync-scaffold-'));
afterAll(() => rmSync(folder, { recursive: true }));
const kept = () => Promise.resolve();

const types = { integer: 'INTEGER', text: 'TEXT', date: 'DATE', datetime: 'DATETIME', decimal: 'REAL' };

function sqlite(name: string, tables: readonly HospitalTable[], more = ''): string {
  const path = join(folder, name);
  const database = new Database(path);
  for (const table of tables) {
    database.exec(createTable(table, types));
    const insert = database.prepare(
      `INSERT INTO "${table.name}" VALUES (${Object.keys(table.columns)
        .map(() => '?')
        .join(', ')})`,
    );
    for (const row of table.rows) insert.run(...row);
  }
  database.exec(more);
  database.close();
  return path;
}

describe('of a SQLite file', () => {
  scaffoldContract({
    adapter: 'sqlite',
    prepare: () => Promise.resolve(sqlite('hospital.db', smallHospital)),
    drop: kept,
  });
});

describe('of CSV files', () => {
  scaffoldContract({
    adapter: 'duckdb',
    prepare: () => {
      const files = join(folder, 'csv');
      mkdirSync(files);
      for (const { name, columns, rows } of smallHospital)
        writeFileSync(
          join(files, `${name}.csv`),
          [Object.keys(columns), ...rows].map((row) => `${row.map((cell) => cell ?? '').join(',')}\n`).join(''),
        );
      return Promise.resolve(files);
    },
    drop: kept,
  });
});

describe('of JSON files', () => {
  scaffoldContract({
    adapter: 'duckdb',
    prepare: () => {
      const files = join(folder, 'json');
      mkdirSync(files);
      for (const { name, columns, rows } of smallHospital) {
        const documents = rows.map((row) =>
          Object.fromEntries(Object.keys(columns).map((column, i) => [column, row[i]])),
        );
        writeFileSync(join(files, `${name}.json`), JSON.stringify(documents));
      }
      return Promise.resolve(files);
    },
    drop: kept,
  });
});

describe('what it meets', () => {
  test('names of tables and columns are data', async () => {
    const location = sqlite(
      'names.db',
      smallHospital.slice(0, 1),
      `ALTER TABLE patients ADD COLUMN "x', y: throw()//*/""\` \${1}" TEXT;
       ALTER TABLE patients ADD COLUMN "two
lines" TEXT;
       CREATE TABLE "a*/ throw new Error('read'); //" (id INTEGER PRIMARY KEY, "b
throw 1" TEXT);
       CREATE TABLE "class" (id INTEGER PRIMARY KEY);`,
    );
    const written = await scaffolded('sqlite', location);
    const check = await runHealthsync('check', '--config', join(written.folder, 'healthsync.yaml'));
    expect(check.out).toMatch(/1 sources, 1 mappings: 0 errors/);
    expect(check.code).toBe(0);
  });

  test('a folder that holds something is left alone', async () => {
    const location = sqlite('again.db', smallHospital.slice(0, 1));
    const out = mkdtempSync(join(folder, 'held-'));
    writeFileSync(join(out, 'patient.ts'), '// mine');
    const { code, err } = await runHealthsync('scaffold', '--adapter', 'sqlite', '--location', location, '--out', out);
    expect([code, err]).toEqual([1, `healthsync: ${out} is there, and not empty: nothing is overwritten.\n`]);
    expect(readdirSync(out)).toEqual(['patient.ts']);
  });

  test('where nothing is certain nothing is written', async () => {
    const location = sqlite(
      'billing.db',
      smallHospital.filter(({ name }) => name === 'billing'),
    );
    const out = join(folder, 'nothing');
    const ended = await runHealthsync('scaffold', '--adapter', 'sqlite', '--location', location, '--out', out);
    expect(ended.code).toBe(1);
    expect(ended.out).toMatch(/^nothing from billing: /);
    expect(readdirSync(folder)).not.toContain('nothing');
  });

  test('a patient without anything that tells a person, and rows without a patient, make nothing', async () => {
    const location = sqlite(
      'bare.db',
      smallHospital.slice(0, 1),
      `CREATE TABLE tests (id INTEGER PRIMARY KEY, test_name TEXT, value REAL);
       CREATE TABLE person (id INTEGER PRIMARY KEY, colour TEXT);
       CREATE TABLE procedures (patient_id INTEGER, procedure_name TEXT);`,
    );
    const { out } = await scaffolded('sqlite', location);
    expect(out).toMatch(/^nothing from tests: no column of it names a patient$/m);
    expect(out).toMatch(/^nothing from person: no column of it is a name, a birth date or a gender$/m);
    expect(out).toMatch(/^nothing from procedures: no single column was found that names a row$/m);
  });

  test('a database that is away ends with 1', async () => {
    const { code, err } = await runHealthsync('scaffold', '--adapter', 'sqlite', '--location', join(folder, 'no.db'));
    expect(code).toBe(1);
    expect(err).toMatch(/^healthsync: /);
  });

  test.each([
    [['--adapter', 'oracle', '--location', 'x'], /--adapter is one of sqlite, mysql, postgres, mongodb, duckdb/],
    [['--adapter', 'sqlite'], /--location is/],
  ])('%j cannot be meant', async (args, word) => {
    const { code, err } = await runHealthsync('scaffold', ...args);
    expect(code).toBe(2);
    expect(err).toMatch(word);
  });
});
