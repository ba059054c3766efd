import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import Database from 'better-sqlite3';
import { openSqlite } from '#src/adapters/sqlite/adapter.js';
import type { Adapter, Call, Scan } from '#src/source/adapter.js';
import { type Selection, TRUE } from '#src/source/selection.js';
import { everyColumn, largeTable, people } from './large-table.js';

const rows = 300_000;
const call = (ms = 60_000): Call => ({ signal: new AbortController().signal, deadline: performance.now() + ms });
const nothing: Selection = { op: 'contains', of: { column: 'note', as: 'fold' }, value: 'nowhere at all' };
const byKey = [{ of: { column: 'id', as: 'raw' }, direction: 'asc' }] as const;
const fullScan: Scan = { relation: people, output: everyColumn, where: nothing, order: byKey, limit: 20 };

let table: ReturnType<typeof largeTable>;
let adapter: Adapter;
let ids: string[];

beforeAll(() => {
  table = largeTable(rows);
  adapter = openSqlite({ name: 'his', location: table.location, timeoutMs: 10_000 });
  const database = new Database(table.location, { readonly: true });
  ids = database.prepare('SELECT id FROM people LIMIT 2000').pluck().all() as string[];
  database.close();
});
afterAll(async () => {
  await adapter.close();
  table.remove();
});

async function rowsOf(scan: Scan, within: Call): Promise<number> {
  let count = 0;
  for await (const batch of adapter.scan(scan, within)) count += batch.rows.length;
  return count;
}

const sorted = (numbers: number[]) => [...numbers].sort((a, b) => a - b);

describe('a scan of every row', () => {
  test('finds what there is', async () => {
    expect(await rowsOf(fullScan, call())).toBe(0);
    const some: Selection = { op: 'contains', of: { column: 'note', as: 'text' }, value: 'x29999' };
    expect(await rowsOf({ ...fullScan, where: some }, call())).toBe(11);
    expect(await adapter.count(people, some, call())).toBe(11);
    expect(await adapter.count(people, TRUE, call())).toBe(rows);
  });

  test('ends within 100 ms of an abort', async () => {
    const delays: number[] = [];
    for (let i = 0; i < 5; i++) {
      const controller = new AbortController();
      const running = rowsOf(fullScan, { signal: controller.signal, deadline: performance.now() + 60_000 });
      let aborted = 0;
      setTimeout(
        () => {
          aborted = performance.now();
          controller.abort();
        },
        15 + i * 10,
      );
      await expect(running).rejects.toMatchObject({ code: 'cancelled' });
      delays.push(performance.now() - aborted);
    }
    expect(sorted(delays)[2]).toBeLessThan(100);
  });

  test('ends at its deadline', async () => {
    const began = performance.now();
    await expect(rowsOf(fullScan, call(40))).rejects.toMatchObject({ code: 'source-timeout' });
    expect(performance.now() - began).toBeLessThan(1000);
  });

  test('an aborted scan no longer holds up the next', async () => {
    const controllers = Array.from({ length: 20 }, () => new AbortController());
    const running = controllers.map(({ signal }) => rowsOf(fullScan, { signal, deadline: performance.now() + 60_000 }));
    await new Promise((resolve) => setTimeout(resolve, 30));
    for (const controller of controllers) controller.abort();
    await Promise.allSettled(running);
    const next = await timed(() => rowsOf(fullScan, call()));
    const later = await timed(() => rowsOf(fullScan, call()));
    expect(next).toBeLessThan(later * 3 + 200);
  });

  test('delays a point read by at most 20 ms', async () => {
    const alone = await reads(400);
    const controllers = Array.from({ length: 3 }, () => new AbortController());
    const running = controllers.map(({ signal }) => endless(signal));
    const beside = await reads(400);
    for (const controller of controllers) controller.abort();
    await Promise.allSettled(running);
    const p95 = (delays: number[]) => sorted(delays)[Math.floor(delays.length * 0.95)]!;
    expect(p95(beside)).toBeLessThan(p95(alone) + 20);
  });

  test('shares its thread with another scan', async () => {
    const controller = new AbortController();
    const running = endless(controller.signal);
    const quick: Scan = {
      ...fullScan,
      where: TRUE,
      order: [{ of: { column: 'note', as: 'text' }, direction: 'asc' }, ...byKey],
    };
    expect(await rowsOf(quick, call())).toBe(20);
    controller.abort();
    await Promise.allSettled([running]);
  });
});

describe('a large answer', () => {
  test('streams in batches, no more of them ahead than are taken', async () => {
    let count = 0;
    let most = 0;
    const before = process.memoryUsage().rss;
    let highest = before;
    for await (const { rows: batch } of adapter.scan(
      { relation: people, output: everyColumn, where: TRUE, order: [] },
      call(),
    )) {
      count += batch.length;
      most = Math.max(most, batch.length);
      if (count % 20_000 < batch.length) highest = Math.max(highest, process.memoryUsage().rss);
    }
    expect(count).toBe(rows);
    expect(most).toBeLessThanOrEqual(500);
    expect(highest - before).toBeLessThan(150 * 1024 * 1024);
  });

  test('comes whole and in order where no index gives the order', async () => {
    const order = [{ of: { column: 'note', as: 'text' }, direction: 'desc' }, ...byKey] as const;
    const where: Selection = { op: 'compare', of: { column: 'status', as: 'text' }, test: 'eq', value: 'active' };
    let last: string | undefined;
    let count = 0;
    for await (const { rows: batch } of adapter.scan({ relation: people, output: everyColumn, where, order }, call())) {
      for (const row of batch) {
        const note = row[4] as string;
        if (last !== undefined && note >= last) throw new Error(`${note} after ${last}`);
        last = note;
        count++;
      }
    }
    expect(count).toBe(rows / 2);
  });

  test('goes on along an index by its one column, slice after slice', async () => {
    const where: Selection = { op: 'contains', of: { column: 'note', as: 'text' }, value: 'x29999' };
    const order = [{ of: { column: 'born', as: 'text' }, direction: 'desc' }] as const;
    const born: unknown[] = [];
    for await (const batch of adapter.scan({ relation: people, output: everyColumn, where, order, limit: 15 }, call()))
      for (const row of batch.rows) born.push(row[2]);
    expect(born).toHaveLength(11);
    expect(born).toEqual([...born].sort().reverse());
  });

  test('a slow reader gets every row once', async () => {
    const seen = new Set<unknown>();
    const where: Selection = { op: 'prefix', of: { column: 'note', as: 'text' }, value: 'x'.repeat(120) };
    for await (const { rows: batch } of adapter.scan(
      { relation: people, output: everyColumn.slice(0, 1), where, order: [], limit: 20_000 },
      call(),
    )) {
      await new Promise((resolve) => setTimeout(resolve, 1));
      for (const [id] of batch) seen.add(id);
    }
    expect(seen.size).toBe(20_000);
  });
});

async function endless(signal: AbortSignal): Promise<void> {
  for (;;) await rowsOf(fullScan, { signal, deadline: performance.now() + 60_000 });
}

async function reads(count: number): Promise<number[]> {
  const delays: number[] = [];
  for (let i = 0; i < count; i++) {
    await new Promise((resolve) => setTimeout(resolve, 1));
    const id = ids[(i * 37) % ids.length]!;
    const began = performance.now();
    const { rows: found } = await adapter.get(people, everyColumn, [id], call());
    delays.push(performance.now() - began);
    if (found[0]?.[0] !== id) throw new Error(`no ${id}`);
  }
  return delays;
}

async function timed(run: () => Promise<unknown>): Promise<number> {
  const began = performance.now();
  await run();
  return performance.now() - began;
}
