import { createServer, request, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { openInfluxdb } from '#src/adapters/influxdb/adapter.js';
import type { Adapter, Call } from '#src/source/adapter.js';
import { serverUrl } from '../../../support/server-url.js';
import { point, start, type Vitals, vitals, withPoints } from './vitals.js';

/** What becomes of a point when its way to the server breaks while it is written: a real server behind a way that does so. */

const server = new URL(serverUrl('HEALTHSYNC_TEST_INFLUXDB_URL'));
const at = '2023-11-14T22:13:20Z';

type Harm = 'none' | 'lost after' | 'lost before' | 'gone after' | 'full' | 'refused';

let opened: Vitals;
let way: Server;
let adapter: Adapter;
let harm: Harm;
let gone = false;
beforeAll(async () => {
  opened = await withPoints(server.origin, [point(start, 'Ann', 70)]);
  way = createServer((asked, answer) => {
    const writes = asked.url!.startsWith('/write');
    if (gone || (writes && harm === 'lost before')) return void asked.socket.destroy();
    if (writes && harm === 'full')
      return end(answer, 500, '{"error":"engine: write /wal/1.wal: no space left on device"}');
    if (writes && harm === 'refused') return end(answer, 403, '{"error":"not authorized to write"}');
    const { method, headers, url } = asked;
    const on = request({ host: server.hostname, port: server.port, path: url, method, headers }, (found) => {
      if (!writes || harm === 'none') return void found.pipe(answer.writeHead(found.statusCode!, found.headers));
      gone = harm === 'gone after';
      found.resume().on('end', () => asked.socket.destroy());
    });
    asked.pipe(on);
  });
  await new Promise<void>((done) => way.listen(0, '127.0.0.1', done));
  const { port } = way.address() as AddressInfo;
  adapter = openInfluxdb({
    name: 'vitals',
    location: `http://127.0.0.1:${port}/${opened.database}`,
    timeoutMs: 10_000,
  });
});
afterAll(async () => {
  await adapter.close();
  way.closeAllConnections();
  await new Promise((done) => way.close(done));
  await opened.close();
});

function end(answer: ServerResponse, status: number, words: string): void {
  answer.writeHead(status, { 'content-type': 'application/json' }).end(words);
}

const call = (): Call => ({ signal: new AbortController().signal, deadline: performance.now() + 10_000 });

/** As one who does not go that way reads it. */
async function rate(): Promise<unknown> {
  const { rows } = await opened.adapter.get(relation, [{ kind: 'column', column: 'rate' }], [at, 'Ann'], call());
  return rows[0]![0];
}

const relation = vitals(['time', 'patient']);

test.each([
  ['none', 71, 'made', true],
  ['lost after', 72, 'made', true],
  ['lost before', 73, 'source-unavailable', false],
  ['full', 74, 'source-unavailable', false],
  ['refused', 75, 'source-unavailable', false],
  ['gone after', 76, 'in-doubt', true],
] as const)('%s: %i is %s', async (which, value, outcome, kept) => {
  const before = await rate();
  harm = which;
  gone = false;
  const written = await adapter
    .writing!.transaction(call(), (one) => one.update(relation, [at, 'Ann'], {}, { rate: value }))
    .then(
      () => ({ code: 'made', message: '' }),
      (error: { code: string; message: string }) => error,
    );
  expect(written.code).toBe(outcome);
  if (which === 'full') expect(written.message).toBe('The source has no room left');
  if (which === 'refused') expect(written.message).toContain('cannot be written');
  expect(await rate()).toBe(kept ? value : before);
});
