import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { openInfluxdb } from '#src/adapters/influxdb/adapter.js';
import type { Call, Cells, Output, Transaction } from '#src/source/adapter.js';
import type { TableRelation } from '#src/source/relation.js';
import type { Cell } from '#src/source/row.js';
import { command, type LinePoint } from '../../../support/line-protocol.js';
import { serverUrl } from '../../../support/server-url.js';
import { start, type Vitals, withPoints } from './vitals.js';

const server = serverUrl('HEALTHSYNC_TEST_INFLUXDB_URL').replace(/\/$/, '');
const columns = ['time', 'patient', 'device', 'rate', 'count', 'note', 'ok'];
const relation = (key: readonly string[]): TableRelation => ({
  kind: 'table',
  name: 'vitals',
  key,
  columns: Object.fromEntries(columns.map((name) => [name, { name, path: [name] }])),
});
const vitals = relation(['time', 'patient']);
const output = columns.map((column): Output => ({ kind: 'column', column }));
const at = '2023-11-14T22:13:20Z';
const point = (time: bigint, patient: string, device: string | null, fields: LinePoint['fields']): LinePoint => ({
  measurement: 'vitals',
  tags: { patient, device },
  fields,
  time,
});
const patient = (): Call => ({ signal: new AbortController().signal, deadline: performance.now() + 60_000 });

let opened: Vitals;
beforeAll(async () => {
  opened = await withPoints(server, [
    point(start, 'Ann Lee', 'x,y= \\z', { rate: 72.5, count: 1n, note: 'a "b"', ok: true }),
    point(start + 1n, 'twin', 'one', { rate: 1 }),
    point(start + 1n, 'twin', 'two', { rate: 2 }),
  ]);
});
afterAll(() => opened.close());

const write = <T>(work: (transaction: Transaction) => Promise<T>, call = patient()): Promise<T> =>
  opened.adapter.writing!.transaction(call, work);
const read = async (...key: readonly Cell[]) => (await opened.adapter.get(vitals, output, key, patient())).rows[0];
const fault = (code: string) => ({ name: 'Fault', code });
const all = async () => command(server, `SELECT * FROM ${opened.database}.autogen.vitals`);

/** Adds a point, and gives it as its transaction and every reader see it. */
async function added(cells: Cells) {
  const { key, row } = await write(async (transaction) => {
    const made = await transaction.insert(vitals, cells);
    return { key: made, row: await transaction.get(vitals, output, made) };
  });
  expect(await read(...key)).toEqual(row);
  return row;
}

describe('a new point', () => {
  test('has the time of its key to the nanosecond, and fields of the types that they have', async () => {
    expect(
      await added({ time: '2024-02-29T10:00:00.5Z', patient: "O'Neil, x=1 é", rate: '71.50', count: '12' }),
    ).toEqual(['2024-02-29T10:00:00.500Z', "O'Neil, x=1 é", null, 71.5, 12, null, null]);
    expect(
      await added({
        time: '2024-02-29T10:00:00.000000001Z',
        patient: 'Ann Lee',
        device: 'd 1',
        note: 'l1\nl2 \\ "q"',
        ok: 'false',
      }),
    ).toEqual(['2024-02-29T10:00:00.000000001Z', 'Ann Lee', 'd 1', null, null, 'l1\nl2 \\ "q"', false]);
    expect(await added({ time: at, patient: 'Other', count: 9007199254740993n, rate: 3 })).toEqual([
      at,
      'Other',
      null,
      3,
      9007199254740993n,
      null,
      null,
    ]);
    const types = await command(server, `SHOW FIELD KEYS ON ${opened.database}`);
    expect(JSON.parse(types).results[0].series[0].values).toEqual([
      ['count', 'integer'],
      ['note', 'string'],
      ['ok', 'boolean'],
      ['rate', 'float'],
    ]);
  });

  test.each([
    ['a number that is none', { rate: 'high' }],
    ['a whole number that is none', { count: '1.5' }],
    ['a truth that is none', { ok: 'maybe' }],
    ['no field', {}],
    ['a tag of two lines', { patient: 'a\nb', rate: 1 }],
    ['a tag that ends with a backslash', { patient: 'a\\', rate: 1 }],
    ['no tag of the key', { patient: null, rate: 1 }],
    ['no moment', { time: 'yesterday', rate: 1 }],
    ['a moment that it cannot hold', { time: '2999-01-01T00:00:00Z', rate: 1 }],
  ])('is refused with %s', async (_, cells: Cells) => {
    const before = await all();
    await expect(added({ time: '2024-03-01T00:00:00Z', patient: 'Bo', ...cells })).rejects.toMatchObject(
      fault('constraint'),
    );
    expect(await all()).toBe(before);
  });

  test('of a key that is there is a duplicate, whatever its other tags', async () => {
    const before = await all();
    for (const name of ['Ann Lee', 'twin'])
      await expect(
        added({ time: name === 'twin' ? '2023-11-14T22:13:20.000000001Z' : at, patient: name, rate: 1 }),
      ).rejects.toMatchObject(fault(name === 'twin' ? 'duplicate-key' : 'duplicate'));
    expect(await all()).toBe(before);
  });
});

describe('an update', () => {
  test('overwrites fields of the same point, and leaves the others', async () => {
    const row = (await read(at, 'Ann Lee'))!;
    const seen = await write(async (transaction) => {
      const before = Object.fromEntries(columns.slice(3).map((name, i) => [name, row[i + 3]!]));
      expect(await transaction.update(vitals, [at, 'Ann Lee'], before, { rate: '80.25', note: 'x' })).toBe(true);
      return transaction.get(vitals, output, [at, 'Ann Lee']);
    });
    expect(seen).toEqual([at, 'Ann Lee', 'x,y= \\z', 80.25, 1, 'x', true]);
    expect(await read(at, 'Ann Lee')).toEqual(seen);
    expect((await all()).match(/Ann Lee/g)).toHaveLength(2);
  });

  test('counts on what was there', async () => {
    const update = (before: Cells) => write((one) => one.update(vitals, [at, 'Ann Lee'], before, { count: 5 }));
    expect(await update({ count: 2 })).toBe(false);
    expect(await update({ count: null })).toBe(false);
    expect(await update({ ok: true, count: 1 })).toBe(true);
    expect(await write((one) => one.update(vitals, [at, 'nobody'], {}, { count: 5 }))).toBe(false);
  });

  test.each([
    ['take a field away', { rate: null }],
    ['change a tag', { device: 'other' }],
    ['change the time', { time: '2024-01-01T00:00:00Z' }],
  ])('does not %s', async (_, cells: Cells) => {
    const before = await all();
    await expect(write((one) => one.update(vitals, [at, 'Ann Lee'], {}, cells))).rejects.toMatchObject(
      fault('constraint'),
    );
    expect(await all()).toBe(before);
  });

  test('of one of several points of a key is refused', async () => {
    await expect(
      write((one) => one.update(vitals, ['2023-11-14T22:13:20.000000001Z', 'twin'], {}, { rate: 3 })),
    ).rejects.toMatchObject(fault('duplicate-key'));
  });
});

describe('a transaction', () => {
  test('offers no delete, and no key without time', () => {
    const { writing } = opened.adapter;
    expect(writing!.can(vitals, 'insert')).toBe(true);
    expect(writing!.can(vitals, 'update')).toBe(true);
    expect(writing!.can(vitals, 'delete')).toBe(false);
    expect(writing!.can(relation(['patient']), 'insert')).toBe(false);
  });

  test('keeps one change, or none', async () => {
    const before = await all();
    const insert = (one: Transaction, name: string) => one.insert(vitals, { time: at, patient: name, rate: 1 });
    await expect(
      write(async (one) => {
        await insert(one, 'first');
        await insert(one, 'second');
      }),
    ).rejects.toMatchObject(fault('unprocessable'));
    await expect(
      write(async (one) => {
        await insert(one, 'first');
        throw new Error('no');
      }),
    ).rejects.toThrow('no');
    const stop = new AbortController();
    await expect(
      write(
        async (one) => {
          await insert(one, 'first');
          stop.abort();
        },
        { ...patient(), signal: stop.signal },
      ),
    ).rejects.toMatchObject(fault('cancelled'));
    expect(await all()).toBe(before);
  });

  test('someone else who writes meanwhile wins', async () => {
    const row = await read(at, 'Ann Lee');
    const other = openInfluxdb({ name: 'other', location: opened.location, timeoutMs: 10_000 });
    await expect(
      write(async (one) => {
        await one.update(vitals, [at, 'Ann Lee'], { rate: row![3]! }, { rate: 1 });
        await other.writing!.transaction(patient(), (two) => two.update(vitals, [at, 'Ann Lee'], {}, { rate: 99 }));
      }),
    ).rejects.toMatchObject(fault('conflict'));
    expect((await read(at, 'Ann Lee'))![3]).toBe(99);
    await other.close();
  });

  test('a server that is away keeps nothing, and says so', async () => {
    const away = openInfluxdb({ name: 'away', location: 'http://127.0.0.1:9/vitals', timeoutMs: 5_000 });
    await expect(
      away.writing!.transaction(patient(), (one) => one.insert(vitals, { time: at, patient: 'x', rate: 1 })),
    ).rejects.toMatchObject(fault('source-unavailable'));
    await away.close();
  });
});
