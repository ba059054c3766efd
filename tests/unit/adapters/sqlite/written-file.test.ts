import { mkdtempSync, renameSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import Database from 'better-sqlite3';
import { openSqlite } from '#src/adapters/sqlite/adapter.js';
import { table } from '#src/mapping/index.js';
import type { Adapter, Call } from '#src/source/adapter.js';

const people = table('people', { key: ['id'], columns: { id: 'text', name: 'text' } }).relation;
const output = [
  { kind: 'column', column: 'id' },
  { kind: 'column', column: 'name' },
] as const;

describe('a file that is written', () => {
  let folder: string;
  let location: string;
  let adapter: Adapter;

  const call = (ms = 10_000): Call => ({ signal: new AbortController().signal, deadline: performance.now() + ms });
  const made = (path: string, ...rows: readonly (readonly [string, string])[]) => {
    const database = new Database(path);
    database.exec('CREATE TABLE people (id TEXT PRIMARY KEY, name TEXT)');
    for (const row of rows) database.prepare('INSERT INTO people VALUES (?, ?)').run(row);
    return database;
  };
  const add = (id: string, within = call()) =>
    adapter.writing!.transaction(within, (transaction) => transaction.insert(people, { id, name: 'new' }));
  const nameOf = (id: string) =>
    adapter.writing!.transaction(call(), async (transaction) => (await transaction.get(people, output, [id]))?.[1]);

  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'written-file-'));
    location = join(folder, 'his.db');
    made(location, ['a', 'first']).close();
    adapter = openSqlite({ name: 'his', location, timeoutMs: 10_000 });
  });

  afterEach(async () => {
    await adapter.close();
    rmSync(folder, { recursive: true });
  });

  test('while another reads it waits for the other, and is then kept', async () => {
    const other = new Database(location);
    other.exec('BEGIN');
    other.prepare('SELECT * FROM people').all();
    const added = add('b');
    await new Promise((resolve) => setTimeout(resolve, 100));
    expect(other.prepare('SELECT count(*) FROM people').pluck().get()).toBe(1);
    other.exec('COMMIT');
    await added;
    expect(other.prepare('SELECT count(*) FROM people').pluck().get()).toBe(2);
    other.close();
  });

  test('while another reads for too long keeps nothing, and is written again after that', async () => {
    const other = new Database(location);
    other.exec('BEGIN');
    other.prepare('SELECT * FROM people').all();
    await expect(add('b', call(100))).rejects.toMatchObject({ code: 'source-timeout' });
    other.exec('COMMIT');
    await add('c');
    expect(other.prepare('SELECT id FROM people ORDER BY id').pluck().all()).toEqual(['a', 'c']);
    other.close();
  });

  test('and changed by another between two writes is seen as it is', async () => {
    await add('b');
    const other = new Database(location);
    other.exec("UPDATE people SET name = 'changed' WHERE id = 'b'");
    expect(await nameOf('b')).toBe('changed');
    other.exec('ALTER TABLE people ADD COLUMN phone TEXT');
    await add('c');
    expect(other.prepare('SELECT count(*) FROM people').pluck().get()).toBe(3);
    other.close();
  });

  test('and replaced between two writes is the new one', async () => {
    await add('b');
    const replacement = join(folder, 'other');
    made(replacement, ['z', 'of the new file']).close();
    renameSync(replacement, location);
    expect(await nameOf('b')).toBeUndefined();
    expect(await nameOf('z')).toBe('of the new file');
    await add('y');
    const other = new Database(location, { readonly: true });
    expect(other.prepare('SELECT id FROM people ORDER BY id').pluck().all()).toEqual(['y', 'z']);
    other.close();
  });
});
