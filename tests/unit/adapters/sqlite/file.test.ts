import {
  copyFileSync,
  mkdtempSync,
  readdirSync,
  renameSync,
  rmSync,
  statSync,
  truncateSync,
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
  folder = mkdtempSync(join(tmpdir(), 'file-'));
  location = join(folder, 'his.db');
  adapter = openSqlite({ name: 'his', location, timeoutMs: 1000 });
});
afterEach(async () => {
  await adapter.close();
  rmSync(folder, { recursive: true });
});

const call = (): Call => ({ signal: new AbortController().signal, deadline: performance.now() + 20_000 });
const beds: TableRelation = {
  kind: 'table',
  name: 'beds',
  key: ['id'],
  columns: { id: { name: 'id', path: ['id'] }, ward: { name: 'ward', path: ['ward'] } },
};
const output: Output[] = [
  { kind: 'column', column: 'id' },
  { kind: 'column', column: 'ward' },
];
const order = [{ of: { column: 'id', as: 'raw' }, direction: 'asc' }] as const;

function create(path: string, ward: string, rows = 3, more = ''): void {
  const database = new Database(path);
  database.exec(`CREATE TABLE beds (id TEXT PRIMARY KEY, ward TEXT); ${more}`);
  const insert = database.prepare('INSERT INTO beds VALUES (?, ?)');
  database.transaction(() => {
    for (let n = 0; n < rows; n++) insert.run(`b${n}`, ward);
  })();
  database.close();
}

const get = async () => adapter.get(beds, output, ['b1'], call());
async function scan(): Promise<unknown[]> {
  const rows: unknown[] = [];
  for await (const batch of adapter.scan({ relation: beds, output, where: TRUE, order }, call()))
    rows.push(...batch.rows);
  return rows;
}
const codeOf = async (run: () => Promise<unknown>): Promise<unknown> =>
  run().then(
    () => 'answered',
    (error) => error.code,
  );

describe('a file that is away', () => {
  test('is unavailable, and is read as soon as it comes, goes and comes again', async () => {
    expect([await codeOf(get), await codeOf(scan), await codeOf(() => adapter.describe(call()))]).toEqual(
      Array(3).fill('source-unavailable'),
    );
    create(location, 'A');
    expect((await get()).rows).toEqual([['b1', 'A']]);
    expect(await scan()).toHaveLength(3);
    renameSync(location, join(folder, 'away'));
    expect([await codeOf(get), await codeOf(scan)]).toEqual(['source-unavailable', 'source-unavailable']);
    renameSync(join(folder, 'away'), location);
    expect((await get()).rows).toEqual([['b1', 'A']]);
  });
});

describe('a file that changes', () => {
  test('by another connection is seen by the next read', async () => {
    create(location, 'A');
    expect((await get()).rows).toEqual([['b1', 'A']]);
    const writer = new Database(location);
    writer.exec("UPDATE beds SET ward = 'B'; INSERT INTO beds VALUES ('c', 'C')");
    expect((await get()).rows).toEqual([['b1', 'B']]);
    expect(await scan()).toHaveLength(4);
    writer.exec('ALTER TABLE beds RENAME COLUMN ward TO station');
    expect([await codeOf(get), await codeOf(scan)]).toEqual(['source-schema', 'source-schema']);
    writer.exec('ALTER TABLE beds RENAME COLUMN station TO ward');
    expect((await get()).rows).toEqual([['b1', 'B']]);
    writer.close();
  });

  test('by being replaced is read anew', async () => {
    create(location, 'A');
    expect((await get()).rows).toEqual([['b1', 'A']]);
    create(join(folder, 'next'), 'B');
    renameSync(join(folder, 'next'), location);
    expect((await get()).rows).toEqual([['b1', 'B']]);
    expect(await scan()).toHaveLength(3);
  });

  test('by being overwritten in place is read anew, whatever its pages say of their age', async () => {
    create(location, 'A');
    create(join(folder, 'next'), 'B');
    expect((await get()).rows).toEqual([['b1', 'A']]);
    expect(await scan()).toHaveLength(3);
    copyFileSync(join(folder, 'next'), location);
    utimesSync(location, new Date(), new Date(Date.now() + 5000));
    expect((await get()).rows).toEqual([['b1', 'B']]);
    expect(((await scan()) as unknown[][])[0]).toEqual(['b0', 'B']);
  });

  test.each(['delete', 'wal'])('after it has lain still for a while is seen at once (journal: %s)', async (journal) => {
    const database = new Database(location);
    database.pragma(`journal_mode = ${journal}`);
    database.exec(
      "CREATE TABLE beds (id TEXT, ward TEXT); CREATE INDEX ward ON beds (ward); INSERT INTO beds VALUES ('b1', 'A')",
    );
    const where = { op: 'compare', of: { column: 'ward', as: 'text' }, test: 'eq', value: 'A' } as const;
    const inWard = async () => {
      const rows: unknown[] = [];
      for await (const batch of adapter.scan({ relation: beds, output, where, order }, call()))
        rows.push(...batch.rows);
      return rows;
    };
    for (let change = 0; change < 3; change++) {
      for (let i = 0; i < 10; i++) {
        expect(await inWard()).toHaveLength(change + 1);
        await new Promise((resolve) => setTimeout(resolve, 20));
      }
      // White space that no column had before, and a key that was not repeated before.
      database.exec(`INSERT INTO beds VALUES ('c${change}', ' A '), ('b1', 'A')`);
      expect(await inWard()).toHaveLength(change + 2);
    }
    expect(await adapter.duplicateKeys(beds, 5, call())).toEqual([['b1']]);
    database.close();
  });

  test('by a key that comes to be repeated is known at the next read', async () => {
    const database = new Database(location);
    database.exec("CREATE TABLE beds (id TEXT, ward TEXT); INSERT INTO beds VALUES ('b1', 'A'), ('b2', 'A')");
    expect(await scan()).toHaveLength(2);
    database.exec("INSERT INTO beds VALUES ('b1', 'Z')");
    expect(await scan()).toEqual([
      ['b1', 'A'],
      ['b2', 'A'],
    ]);
    expect(await get()).toEqual({ rows: [['b1', 'A']], duplicates: [0] });
    expect(await adapter.duplicateKeys(beds, 5, call())).toEqual([['b1']]);
    database.exec("DELETE FROM beds WHERE ward = 'Z'");
    expect((await get()).duplicates).toBeUndefined();
    expect(await adapter.duplicateKeys(beds, 5, call())).toEqual([]);
    database.close();
  });
});

describe('a file that is no sound database', () => {
  test('is corrupt', async () => {
    writeFileSync(location, 'name,ward\n'.repeat(1000));
    expect([await codeOf(get), await codeOf(scan)]).toEqual(['source-corrupt', 'source-corrupt']);
  });

  test('is corrupt when it was cut short, and sound again when it is whole', async () => {
    create(location, 'A', 5000);
    copyFileSync(location, join(folder, 'whole'));
    expect(await scan()).toHaveLength(5000);
    truncateSync(location, Math.floor(statSync(location).size / 2 / 4096) * 4096);
    expect(await codeOf(scan)).toBe('source-corrupt');
    renameSync(join(folder, 'whole'), location);
    expect(await scan()).toHaveLength(5000);
  });
});

describe('a locked file', () => {
  test('is busy; a short lock is waited for', async () => {
    create(location, 'A');
    const writer = new Database(location);
    writer.exec("BEGIN EXCLUSIVE; UPDATE beds SET ward = 'B'");
    const impatient = { signal: new AbortController().signal, deadline: performance.now() + 20_000 };
    expect(await codeOf(async () => adapter.get(beds, output, ['b1'], impatient))).toBe('source-busy');
    setTimeout(() => writer.exec('COMMIT'), 60);
    expect((await get()).rows).toEqual([['b1', 'B']]);
    writer.close();
  });
});

test('nothing is written to the folder of the file', async () => {
  create(location, 'A', 2000);
  const before = statSync(location);
  await scan();
  await get();
  await adapter.count(beds, TRUE, call());
  expect(readdirSync(folder)).toEqual(['his.db']);
  expect(statSync(location).mtimeMs).toBe(before.mtimeMs);
});

test('a table without rowid, an INTEGER key and a view are read like any other', async () => {
  const database = new Database(location);
  database.exec(`
    CREATE TABLE beds (id TEXT, ward TEXT, PRIMARY KEY (ward, id)) WITHOUT ROWID;
    INSERT INTO beds VALUES ('b2', 'A'), ('b1', 'B'), ('b1', 'A');
    CREATE TABLE numbered (n INTEGER PRIMARY KEY, "select" TEXT);
    INSERT INTO numbered VALUES (9007199254740993, 'x'), (5, 'y');
    CREATE VIEW both AS SELECT id, ward FROM beds UNION ALL SELECT CAST(n AS TEXT), "select" FROM numbered;`);
  database.close();
  expect(await scan()).toEqual([
    ['b1', 'A'],
    ['b2', 'A'],
  ]);
  expect(await get()).toEqual({ rows: [['b1', 'A']], duplicates: [0] });
  const numbered: TableRelation = {
    kind: 'table',
    name: 'numbered',
    key: ['n'],
    columns: { n: { name: 'n', path: ['n'] }, select: { name: 'select', path: ['select'] } },
  };
  const select: Output[] = [
    { kind: 'column', column: 'n' },
    { kind: 'column', column: 'select' },
  ];
  expect((await adapter.get(numbered, select, [9007199254740993n], call())).rows).toEqual([[9007199254740993n, 'x']]);
  const view = { ...beds, name: 'both' };
  const rows: unknown[] = [];
  for await (const batch of adapter.scan({ relation: view, output, where: TRUE, order }, call()))
    rows.push(...batch.rows);
  expect(rows).toEqual([
    ['5', 'y'],
    ['9007199254740993', 'x'],
    ['b1', 'A'],
    ['b1', 'B'],
    ['b2', 'A'],
  ]);
});
