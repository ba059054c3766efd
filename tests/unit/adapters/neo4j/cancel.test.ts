import { createServer, type Socket } from 'node:net';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { openNeo4j } from '#src/adapters/neo4j/adapter.js';
import type { Scan } from '#src/source/adapter.js';
import type { Selection } from '#src/source/selection.js';
import { TRUE } from '#src/source/selection.js';
import { patient as call, collect, column } from '../../../contracts/ask.js';
import { serverUrl } from '../../../support/server-url.js';
import { type Graph, graph } from './graph.js';

const location = serverUrl('HEALTHSYNC_TEST_NEO4J_URL');
let g: Graph;
beforeAll(async () => {
  g = await graph(location, 3_000);
}, 60_000);
afterAll(() => g.close());

/** A scan whose joins have no index: it takes minutes. */
const slow = (): Scan => {
  const never: Selection = { op: 'compare', of: { column: 'name', as: 'text' }, test: 'eq', value: 'nobody' };
  const on = { since: 'since' };
  const treats = { ...g.treats, key: [] };
  const exists = (where: Selection): Selection => ({ op: 'exists', relation: treats, on, where });
  const since = { op: 'compare', of: { column: 'doctor', as: 'text' }, test: 'eq', value: 'nobody' } as const;
  return { relation: treats, output: [column('since')], where: exists(exists(exists(since ?? never))), order: [] };
};

const running = async () => {
  const { records } = await g.driver.executeQuery('SHOW TRANSACTIONS YIELD currentQuery');
  return records.filter((record) => String(record.get('currentQuery')).includes(g.doctor.name)).length;
};

const until = async (holds: () => Promise<boolean>) => {
  for (let i = 0; i < 200; i++) {
    if (await holds()) return true;
    await new Promise((resolve) => setTimeout(resolve, 25));
  }
  return false;
};

test('an aborted scan ends the query in the database', async () => {
  const controller = new AbortController();
  const asked = collect(g.adapter.scan(slow(), { signal: controller.signal, deadline: performance.now() + 60_000 }));
  const ended = expect(asked).rejects.toMatchObject({ code: 'cancelled' });
  expect(await until(async () => (await running()) === 1)).toBe(true);
  const from = performance.now();
  controller.abort();
  await ended;
  expect(performance.now() - from).toBeLessThan(100);
  expect(await until(async () => (await running()) === 0)).toBe(true);
  expect(await g.adapter.count(g.patient, TRUE, call())).toBe(3_000);
}, 60_000);

test('a scan past its deadline ends the query in the database', async () => {
  await g.adapter.count(g.patient, TRUE, call());
  const asked = collect(
    g.adapter.scan(slow(), { signal: new AbortController().signal, deadline: performance.now() + 500 }),
  );
  await expect(asked).rejects.toMatchObject({ name: 'Fault', code: 'source-timeout' });
  expect(await until(async () => (await running()) === 0)).toBe(true);
}, 60_000);

test('a scan that is left gives its connection back', async () => {
  for (let i = 0; i < 60; i++)
    for await (const _ of g.adapter.scan(
      { relation: g.patient, output: [column('id')], where: TRUE, order: [] },
      call(),
    ))
      break;
  expect(await until(async () => (await running()) === 0)).toBe(true);
}, 60_000);

test('a database that is away is told of by each call, and answers once it is back', async () => {
  const { hostname, port } = new URL(location);
  const sockets = new Set<Socket>();
  const proxy = createServer((client) => {
    const server = new (client.constructor as typeof Socket)().connect(Number(port), hostname);
    for (const one of [client, server]) sockets.add(one.on('error', () => one.destroy()));
    client.pipe(server).pipe(client);
  });
  const listen = (at: number) => new Promise<void>((resolve) => proxy.listen(at, '127.0.0.1', resolve));
  await listen(0);
  const at = (proxy.address() as { port: number }).port;
  const stop = () =>
    new Promise((resolve) => {
      proxy.close(resolve);
      for (const socket of sockets) socket.destroy();
    });
  await stop();
  const adapter = openNeo4j({ name: 'graph', location: `bolt://neo4j:any@127.0.0.1:${at}`, timeoutMs: 5_000 });
  const away = { name: 'Fault', code: 'source-unavailable', place: { source: 'graph' } };
  await expect(adapter.count(g.patient, TRUE, call())).rejects.toMatchObject(away);
  await listen(at);
  expect(await adapter.count(g.patient, TRUE, call())).toBe(3_000);
  await stop();
  await expect(adapter.count(g.patient, TRUE, call())).rejects.toMatchObject(away);
  await listen(at);
  expect(await adapter.count(g.patient, TRUE, call())).toBe(3_000);
  await adapter.close();
  await stop();
}, 60_000);

test('a connection that falls silent is given up at the deadline, and others are made', async () => {
  const { hostname, port } = new URL(location);
  let silent = false;
  const sockets = new Set<Socket>();
  const proxy = createServer((client) => {
    const server = new (client.constructor as typeof Socket)().connect(Number(port), hostname);
    for (const [from, to] of [
      [client, server],
      [server, client],
    ] as const) {
      sockets.add(from.on('error', () => from.destroy()));
      const since = silent;
      from.on('data', (bytes) => {
        if (silent === since) to.write(bytes);
      });
    }
  });
  await new Promise<void>((resolve) => proxy.listen(0, '127.0.0.1', resolve));
  const at = (proxy.address() as { port: number }).port;
  const adapter = openNeo4j({ name: 'graph', location: `bolt://neo4j:any@127.0.0.1:${at}`, timeoutMs: 5_000 });
  expect(await adapter.count(g.patient, TRUE, call())).toBe(3_000);
  // Connections of before are forwarded no more; those of after are.
  silent = true;
  const soon = { signal: new AbortController().signal, deadline: performance.now() + 300 };
  await expect(adapter.count(g.patient, TRUE, soon)).rejects.toMatchObject({ name: 'Fault', code: 'source-timeout' });
  expect(await adapter.count(g.patient, TRUE, call())).toBe(3_000);
  await adapter.close();
  for (const socket of sockets) socket.destroy();
  await new Promise((resolve) => proxy.close(resolve));
}, 60_000);
