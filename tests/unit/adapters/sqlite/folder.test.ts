import {
  copyFileSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  renameSync,
  rmSync,
  symlinkSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import Database from 'better-sqlite3';
import { openSqlite } from '#src/adapters/sqlite/adapter.js';
import type { Adapter, Call, Output } from '#src/source/adapter.js';
import type { TableRelation } from '#src/source/relation.js';
import { TRUE } from '#src/source/selection.js';

let folder: string;
let location: string;
let adapter: Adapter;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'folder-'));
  location = join(folder, 'his');
  adapter = openSqlite({ name: 'his', location, timeoutMs: 1000 });
});
afterEach(async () => {
  await adapter.close();
  rmSync(folder, { recursive: true });
});

const call = (): Call => ({ signal: new AbortController().signal, deadline: performance.now() + 20_000 });
const relationOf = (name: string, columns: readonly string[]): TableRelation => ({
  kind: 'table',
  name,
  key: ['id'],
  columns: Object.fromEntries(columns.map((column) => [column, { name: column, path: [column] }])),
});
const patients = relationOf('patients', ['id', 'name']);
const bills = relationOf('bills', ['id', 'patient', 'amount']);
const columns = (...names: string[]): Output[] => names.map((column) => ({ kind: 'column', column }));
const named = columns('id', 'name');
const billed = columns('id', 'amount');
const byId = [{ of: { column: 'id', as: 'raw' }, direction: 'asc' }] as const;

function write(file: string, statements: string): void {
  mkdirSync(location, { recursive: true });
  const database = new Database(join(location, file));
  database.exec(statements);
  database.close();
}
const writePatients = (name = 'Ada', file = 'patients.db') =>
  write(
    file,
    `CREATE TABLE patients (id TEXT PRIMARY KEY, name TEXT); INSERT INTO patients VALUES ('p1', '${name}'), ('p2', 'Bea')`,
  );
const writeBills = (amount = 10, file = 'finance.db') =>
  write(
    file,
    `CREATE TABLE bills (id TEXT PRIMARY KEY, patient TEXT, amount INTEGER); INSERT INTO bills VALUES ('b1', 'p1', ${amount}), ('b2', 'p1', 20), ('b3', 'p9', 30)`,
  );
const whole = () => {
  writePatients();
  writeBills();
};

const patient = async () => (await adapter.get(patients, named, ['p1'], call())).rows[0];
const bill = async () => (await adapter.get(bills, billed, ['b1'], call())).rows[0];
async function scan(relation: TableRelation, output: Output[] = columns('id')): Promise<unknown[]> {
  const rows: unknown[] = [];
  for await (const batch of adapter.scan({ relation, output, where: TRUE, order: byId }, call()))
    rows.push(...batch.rows);
  return rows;
}
const ended = async (run: () => Promise<unknown>): Promise<unknown> =>
  run().then(
    () => 'answered',
    ({ code, message }) => `${code}: ${message}`,
  );
const calm = () => new Promise((resolve) => setTimeout(resolve, 250));

describe('a folder of database files', () => {
  test('is read as one database, whatever the file, by its three endings alone', async () => {
    whole();
    write('staff.sqlite', "CREATE TABLE staff (id TEXT); INSERT INTO staff VALUES ('s1')");
    write('wards.SQLITE3', "CREATE TABLE wards (id TEXT); INSERT INTO wards VALUES ('w1')");
    write('old.bak', 'CREATE TABLE old (id TEXT)');
    mkdirSync(join(location, 'years.db'));
    symlinkSync(join(location, 'nowhere'), join(location, 'broken.db'));
    expect([await patient(), await bill()]).toEqual([
      ['p1', 'Ada'],
      ['b1', 10],
    ]);
    expect(await scan(relationOf('staff', ['id']))).toEqual([['s1']]);
    expect((await adapter.describe(call())).map(({ name }) => name).sort()).toEqual([
      'bills',
      'patients',
      'staff',
      'wards',
    ]);
  });

  test('a file that comes within the clock of the file system is seen', async () => {
    writePatients();
    const then = new Date('2024-05-01');
    utimesSync(location, then, then);
    expect(await patient()).toEqual(['p1', 'Ada']);
    writeBills();
    utimesSync(location, then, then);
    expect(await bill()).toEqual(['b1', 10]);
  });

  test('joins across files, in both directions', async () => {
    whole();
    const on = { patient: 'id' };
    const joined: Output[] = [
      ...columns('id'),
      { kind: 'exists', relation: bills, on },
      { kind: 'rows', relation: bills, on, columns: ['id', 'amount'], order: byId },
    ];
    expect(await scan(patients, joined)).toEqual([
      [
        'p1',
        1,
        [
          ['b1', 10],
          ['b2', 20],
        ],
      ],
      ['p2', 0, []],
    ]);
    const where = { op: 'exists', relation: patients, on: { id: 'patient' }, where: TRUE } as const;
    expect(await adapter.count(bills, where, call())).toBe(2);
  });

  test('is written to by nobody', async () => {
    whole();
    await scan(patients);
    await bill();
    await adapter.count(bills, TRUE, call());
    expect(readdirSync(location).sort()).toEqual(['finance.db', 'patients.db']);
  });

  test('a table in two files is refused by name, the others are read', async () => {
    whole();
    writePatients('Eve', 'copy.db');
    const refused = 'source-schema: Table patients is in more than one file: copy.db, patients.db';
    expect([await ended(patient), await ended(() => scan(patients))]).toEqual([refused, refused]);
    expect(await bill()).toEqual(['b1', 10]);
    rmSync(join(location, 'copy.db'));
    expect(await patient()).toEqual(['p1', 'Ada']);
  });

  test('a table that comes to be in two files is refused, also for a row that was just read', async () => {
    whole();
    await scan(patients);
    await calm();
    expect([await patient(), await patient()]).toEqual(Array(2).fill(['p1', 'Ada']));
    write('finance.db', 'CREATE TABLE Patients (id TEXT PRIMARY KEY, name TEXT)');
    expect(await ended(patient)).toContain('source-schema: Table patients is in more than one file');
    expect(await ended(() => scan(patients))).toContain('source-schema');
  });

  test('takes ten files, and names what is too much', async () => {
    writePatients();
    for (let n = 0; n < 9; n++) write(`y${n}.db`, `CREATE TABLE y${n} (id TEXT); INSERT INTO y${n} VALUES ('${n}')`);
    expect(await scan(relationOf('y8', ['id']))).toEqual([['8']]);
    write('z.db', 'CREATE TABLE z (id TEXT)');
    expect(await ended(patient)).toBe(
      'source-schema: The folder holds 11 database files; SQLite reads at most 10 together',
    );
    rmSync(join(location, 'z.db'));
    expect(await patient()).toEqual(['p1', 'Ada']);
  });
});

describe('a folder that is away, or empty', () => {
  test('is unavailable, and is read as soon as it comes, goes and comes again', async () => {
    expect(await ended(patient)).toBe('source-unavailable: The database file is not there');
    mkdirSync(location);
    expect(await ended(patient)).toBe('source-unavailable: The folder holds no database file');
    whole();
    expect(await patient()).toEqual(['p1', 'Ada']);
    renameSync(location, join(folder, 'away'));
    expect([await ended(patient), await ended(() => scan(bills))]).toEqual(
      Array(2).fill('source-unavailable: The database file is not there'),
    );
    renameSync(join(folder, 'away'), location);
    expect([await patient(), await bill()]).toEqual([
      ['p1', 'Ada'],
      ['b1', 10],
    ]);
  });
});

const atOnce = async () => {};
// The first file by name is the connection's own, the others are attached to it.
describe.each([
  ['the first file of a folder, at once', 'finance.db', atOnce],
  ['the first file of a folder, after all has lain still', 'finance.db', calm],
  ['another file of a folder, at once', 'years.db', atOnce],
  ['another file of a folder, after all has lain still', 'years.db', calm],
])('%s', (_which, file, pause) => {
  beforeEach(async () => {
    writePatients();
    writeBills(10, file);
    expect([await patient(), await bill()]).toEqual([
      ['p1', 'Ada'],
      ['b1', 10],
    ]);
    await scan(patients);
    await scan(bills);
    await pause();
    expect([await scan(bills), await scan(patients)].map((rows) => rows.length)).toEqual([3, 2]);
  });

  test('that vanishes takes its tables with it, and gives them back', async () => {
    renameSync(join(location, file), join(folder, 'away'));
    const gone = `source-unavailable: The database file ${file} is not there`;
    expect([await ended(bill), await ended(() => scan(bills)), await ended(() => adapter.describe(call()))]).toEqual(
      Array(3).fill(gone),
    );
    const where = { op: 'exists', relation: bills, on: { patient: 'id' }, where: TRUE } as const;
    expect(await ended(() => adapter.count(patients, where, call()))).toBe(gone);
    expect(await patient()).toEqual(['p1', 'Ada']);
    renameSync(join(folder, 'away'), join(location, file));
    expect(await bill()).toEqual(['b1', 10]);
    expect(await adapter.count(patients, where, call())).toBe(1);
  });

  test('that gets another name is found under it', async () => {
    renameSync(join(location, file), join(location, 'finance-2025.db'));
    expect(await bill()).toEqual(['b1', 10]);
    expect(await scan(bills)).toHaveLength(3);
  });

  test('that is replaced is read anew', async () => {
    writeBills(77, '../next');
    renameSync(join(folder, 'next'), join(location, file));
    expect([await bill(), await patient()]).toEqual([
      ['b1', 77],
      ['p1', 'Ada'],
    ]);
  });

  test('that is overwritten in place is read anew, whatever its pages say of their age', async () => {
    writeBills(77, '../next');
    copyFileSync(join(folder, 'next'), join(location, file));
    utimesSync(join(location, file), new Date(), new Date(Date.now() + 5000));
    expect((await scan(bills, billed))[0]).toEqual(['b1', 77]);
    expect(await bill()).toEqual(['b1', 77]);
  });

  test('that another connection writes is seen by the next read, and its new table too', async () => {
    write(file, "UPDATE bills SET amount = 78; INSERT INTO bills VALUES ('b4', ' p2 ', 5)");
    expect([await bill(), await scan(bills)]).toEqual([
      ['b1', 78],
      [['b1'], ['b2'], ['b3'], ['b4']],
    ]);
    write(file, "CREATE TABLE claims (id TEXT); INSERT INTO claims VALUES ('c1')");
    expect(await scan(relationOf('claims', ['id']))).toEqual([['c1']]);
  });

  test('that is no sound database is named', async () => {
    copyFileSync(join(location, file), join(folder, 'sound'));
    writeFileSync(join(location, file), 'id,amount\n'.repeat(2000));
    const corrupt = `source-corrupt: The source is not a sound database: ${file}`;
    expect([await ended(bill), await ended(() => scan(patients))]).toEqual([corrupt, corrupt]);
    renameSync(join(folder, 'sound'), join(location, file));
    expect([await bill(), await patient()]).toEqual([
      ['b1', 10],
      ['p1', 'Ada'],
    ]);
  });

  test('that is locked is waited for shortly', async () => {
    const writer = new Database(join(location, file));
    writer.exec('BEGIN EXCLUSIVE; UPDATE bills SET amount = 79');
    setTimeout(() => writer.exec('COMMIT'), 60);
    expect((await scan(bills, billed))[0]).toEqual(['b1', 79]);
    writer.close();
  });
});

test('files that keep their last writes beside them (WAL) are read to the last write', async () => {
  whole();
  const writers = ['patients.db', 'finance.db'].map((file) => new Database(join(location, file)));
  for (const writer of writers) writer.pragma('journal_mode = wal');
  for (let n = 0; n < 3; n++) {
    writers[1]!.exec(`UPDATE bills SET amount = ${n} WHERE id = 'b1'`);
    writers[0]!.exec(`UPDATE patients SET name = 'N${n}' WHERE id = 'p1'`);
    expect([(await scan(bills, billed))[0], (await scan(patients, named))[0]]).toEqual([
      ['b1', n],
      ['p1', `N${n}`],
    ]);
    await calm();
  }
  for (const writer of writers) writer.close();
});

test('a long scan in the worker reads the same files', async () => {
  await adapter.close();
  adapter = openSqlite({ name: 'his', location, timeoutMs: 1000 }, { serving: 0, worker: 1 });
  writePatients();
  const many = Array.from({ length: 5000 }, (_, n) => `('b${n}', 'p${n % 3}', ${n})`).join();
  write(
    'finance.db',
    `CREATE TABLE bills (id TEXT, patient TEXT, amount INTEGER); INSERT INTO bills VALUES ${many}, ('b7', 'p1', 0)`,
  );
  expect(await scan(bills)).toHaveLength(5000);
  expect(await adapter.duplicateKeys(bills, 5, call())).toEqual([['b7']]);
  const where = { op: 'exists', relation: patients, on: { id: 'patient' }, where: TRUE } as const;
  expect(await adapter.count(bills, where, call())).toBe(3333);
});
