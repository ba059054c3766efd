import { createServer, type RequestListener } from 'node:http';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { openInfluxdb } from '#src/adapters/influxdb/adapter.js';
import type { Scan } from '#src/source/adapter.js';
import { TRUE } from '#src/source/selection.js';
import { patient as call, collect, column } from '../../../contracts/ask.js';
import { command, write } from '../../../support/line-protocol.js';
import { serverUrl } from '../../../support/server-url.js';
import { point, start, type Vitals, vitals, withPoints } from './vitals.js';

const server = serverUrl('HEALTHSYNC_TEST_INFLUXDB_URL').replace(/\/$/, '');
const scan: Scan = { relation: vitals(), output: [column('time'), column('rate')], where: TRUE, order: [] };
const many = 400_000;

let v: Vitals;
beforeAll(async () => {
  const points = Array.from({ length: many }, (_, i) => point(start + BigInt(i) * 10_000_000n, `P${i % 50}`, i));
  v = await withPoints(server, points);
}, 60_000);
afterAll(() => v.close());

/** InfluxDB tells a query in its own words, with the database it is asked of. */
const running = async () => (await command(server, 'SHOW QUERIES')).split(`"${v.database}"`).length - 1;
const until = async (holds: () => Promise<boolean>) => {
  for (let i = 0; i < 200; i++) {
    if (await holds()) return true;
    await new Promise((resolve) => setTimeout(resolve, 25));
  }
  return false;
};
const pause = () => new Promise((resolve) => setTimeout(resolve, 50));

describe('a query is ended in the database', () => {
  test('when its call is aborted', async () => {
    const controller = new AbortController();
    const asked = v.adapter.scan(scan, { signal: controller.signal, deadline: performance.now() + 60_000 });
    const rows = asked[Symbol.asyncIterator]();
    await rows.next();
    expect(await until(async () => (await running()) === 1)).toBe(true);
    controller.abort();
    const from = performance.now();
    const drained = async () => {
      while (!(await rows.next()).done) await pause();
    };
    await expect(drained()).rejects.toMatchObject({ name: 'Fault', code: 'cancelled' });
    expect(performance.now() - from).toBeLessThan(1_000);
    expect(await until(async () => (await running()) === 0)).toBe(true);
  }, 30_000);

  test('when its reader leaves', async () => {
    for await (const { rows } of v.adapter.scan(scan, call())) {
      expect(rows.length).toBeGreaterThan(0);
      break;
    }
    expect(await until(async () => (await running()) === 0)).toBe(true);
  }, 30_000);

  test('when its deadline passes', async () => {
    const late = { signal: new AbortController().signal, deadline: performance.now() + 150 };
    await expect(collect(v.adapter.scan(scan, late))).rejects.toMatchObject({ name: 'Fault', code: 'source-timeout' });
    expect(await until(async () => (await running()) === 0)).toBe(true);
  }, 30_000);
});

describe('what cannot be read is told', () => {
  test('a field that shards have as different types', async () => {
    await write(server, v.database, [
      { measurement: 'vitals', tags: {}, fields: { temperature: 37.5 }, time: start },
      { measurement: 'vitals', tags: {}, fields: { temperature: 37n }, time: start - 10n ** 18n },
    ]);
    const adapter = openInfluxdb({ name: 'vitals', location: v.location, timeoutMs: 5_000 });
    const relation = vitals(['time', 'patient', 'device'], ['rate', 'temperature']);
    const asked = collect(adapter.scan({ ...scan, relation, output: [column('temperature')], limit: 1 }, call()));
    const message = expect.stringMatching(
      /temperature of table vitals is of several types: (float, integer|integer, float)/,
    );
    await expect(asked).rejects.toMatchObject({ name: 'Fault', code: 'source-schema', message });
    expect((await collect(adapter.scan({ ...scan, relation, limit: 1 }, call()))).rows).toHaveLength(1);
    const [table] = await adapter.describe(call());
    expect(table!.columns).toContainEqual({ name: 'temperature', type: 'float | integer', nullable: true });
  });

  test('a database that is not there, and a location that is none', async () => {
    const adapter = openInfluxdb({ name: 'vitals', location: `${server}/no_such`, timeoutMs: 5_000 });
    await expect(adapter.count(vitals(), TRUE, call())).rejects.toMatchObject({ code: 'source-schema' });
    for (const location of ['vitals', 'http://127.0.0.1:8086', 'bolt://127.0.0.1/x'])
      expect(() => openInfluxdb({ name: 'vitals', location, timeoutMs: 1 })).toThrow(/needs a location such as http:/);
  });

  const json =
    (body: unknown): RequestListener =>
    (_, response) =>
      void response.end(JSON.stringify(body));
  const answers: readonly (readonly [what: string, code: string, answer: RequestListener])[] = [
    ['garbage', 'source-corrupt', (_, response) => void response.end('<html>hello</html>\n')],
    ['other JSON', 'source-corrupt', json({ hello: 1 })],
    [
      'refused credentials',
      'source-unavailable',
      (_, response) => void response.writeHead(401).end('{"error":"authorization failed"}'),
    ],
    ['a busy server', 'source-busy', (_, response) => void response.writeHead(503).end()],
    [
      'a query that ran too long',
      'source-timeout',
      json({ results: [{ statement_id: 0, error: 'query-timeout limit exceeded' }] }),
    ],
    [
      'a redirect',
      'source-unavailable',
      (_, response) => void response.writeHead(302, { location: 'http://127.0.0.1:1/' }).end(),
    ],
    [
      'an answer that breaks off',
      'source-unavailable',
      (_, response) => {
        response.write('{"results":[{"statement_id":0,"partial":true}]}\n');
        setTimeout(() => response.destroy(), 20);
      },
    ],
    ['silence', 'source-timeout', () => {}],
  ];
  test.each(answers)('%s', async (_, code, answer) => {
    const other = createServer(answer);
    await new Promise<void>((resolve) => other.listen(0, '127.0.0.1', resolve));
    const { port } = other.address() as { readonly port: number };
    const adapter = openInfluxdb({ name: 'vitals', location: `http://u:p@127.0.0.1:${port}/vitals`, timeoutMs: 5_000 });
    const soon = { signal: new AbortController().signal, deadline: performance.now() + 1_000 };
    await expect(adapter.count(vitals(), TRUE, soon)).rejects.toMatchObject({
      name: 'Fault',
      code,
      place: code === 'source-timeout' && answer.length === 0 ? {} : { source: 'vitals' },
    });
    other.closeAllConnections();
    await new Promise((resolve) => other.close(resolve));
    const away = adapter.count(vitals(), TRUE, call());
    await expect(away).rejects.toMatchObject({ name: 'Fault', code: 'source-unavailable' });
  });
});

test('a large result is streamed: what is held does not grow with it', async () => {
  let rows = 0;
  let most = 0;
  for await (const batch of v.adapter.scan({ ...scan, output: [column('rate')] }, call())) {
    rows += batch.rows.length;
    most = Math.max(most, batch.rows.length);
  }
  expect(rows).toBeGreaterThanOrEqual(many);
  expect(most).toBeLessThan(10_000);
}, 60_000);
