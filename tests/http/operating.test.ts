import { renameSync, rmSync, writeFileSync } from 'node:fs';
import { request } from 'node:http';
import { dirname, join } from 'node:path';
import { Writable } from 'node:stream';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { composeApp, composeEngine } from '#src/compose.js';
import { checkConfiguration } from '#src/config/load-configuration.js';
import type { Engine } from '#src/execution/engine.js';
import { type Listening, listen } from '#src/http/listen.js';
import { createLogger } from '#src/telemetry/logger.js';
import { createMetrics } from '#src/telemetry/metrics.js';
import { clinicFolder } from '../support/clinic.js';
import { readPrometheus } from '../support/prometheus-text.js';

const clinics = { north: clinicFolder(), south: clinicFolder() };
const log: string[] = [];
let listening: Listening;
let engine: Engine;
let origin: string;

beforeAll(async () => {
  const configuration = checkConfiguration(
    {
      server: { stateFolder: join(clinics.north.root, 'state') },
      sources: Object.entries(clinics).map(([name, { location, folder }]) => ({
        name,
        adapter: 'sqlite',
        location,
        mappings: folder,
        required: name === 'north',
      })),
    },
    join(clinics.north.root, 'healthsync.yaml'),
  );
  const { server } = configuration;
  listening = await listen('127.0.0.1', 0, server.limits.urlBytes);
  origin = `http://127.0.0.1:${listening.port}`;
  const metrics = createMetrics();
  engine = await composeEngine(configuration, `${origin}/fhir`, metrics);
  const stream = new Writable({
    write(chunk, _encoding, done) {
      log.push(String(chunk));
      done();
    },
  });
  listening.serve(await composeApp(configuration, engine, `${origin}/fhir`, createLogger(stream), metrics));
});
afterAll(async () => {
  await listening.stop(100);
  await engine.close();
  for (const { root } of Object.values(clinics)) rmSync(root, { recursive: true });
});

const get = (path: string, init?: RequestInit) => fetch(`${origin}${path}`, init);
const ready = async () => {
  const answer = await get('/health/ready');
  return [answer.status, await answer.json()];
};
async function metric(name: string, labels: Readonly<Record<string, string>>): Promise<number> {
  const samples = readPrometheus(await (await get('/metrics')).text());
  const found = samples.find(
    (one) =>
      one.name === `healthsync_${name}` && Object.entries(labels).every(([key, text]) => one.labels[key] === text),
  );
  return found?.value ?? 0;
}
const isReady = [200, { status: 'ready' }];
const isNotReady = [503, { status: 'not ready', unreachable: ['north'] }];
async function until(reached: () => Promise<boolean>): Promise<void> {
  while (!(await reached())) await new Promise((resolve) => setTimeout(resolve, 200));
}

test('metrics and health lie beside the FHIR endpoint, are read by GET and HEAD alone, and kept by no cache', async () => {
  const types = { '/metrics': /^text\/plain; version=0\.0\.4/, '/health/live': /json/, '/health/ready': /json/ };
  for (const [path, type] of Object.entries(types)) {
    const [got, head, posted, below] = await Promise.all([
      get(path),
      get(path, { method: 'HEAD' }),
      get(path, { method: 'POST' }),
      get(`/fhir${path}`),
    ]);
    expect([got.status, head.status, posted.status, below.status]).toEqual([200, 200, 405, 404]);
    expect(got.headers.get('content-type')).toMatch(type);
    expect(got.headers.get('cache-control')).toBe('no-store');
    expect(await head.text()).toBe('');
    expect(posted.headers.get('allow')).toBe('GET, HEAD');
  }
  expect(await (await get('/health/live')).json()).toEqual({ status: 'live' });
});

test('rule 94: whoever may not read the FHIR endpoint may not read these', async () => {
  for (const path of ['/metrics', '/health/live', '/health/ready']) {
    expect((await get(path, { headers: { Origin: 'https://evil.example' } })).status).toBe(403);
    const status = await new Promise((resolve, reject) => {
      const headers = { Host: 'evil.example' };
      request({ port: listening.port, host: '127.0.0.1', path, headers, agent: false }, (got) => {
        got.resume();
        resolve(got.statusCode);
      })
        .on('error', reject)
        .end();
    });
    expect(status).toBe(403);
  }
});

test('a search counts its request, its streams and its rows, by source', async () => {
  const counts = () =>
    Promise.all([
      metric('http_requests_total', { route: 'GET /:type', type: 'Patient', status: '200' }),
      metric('http_request_seconds_count', { route: 'GET /:type' }),
      metric('source_streams_total', { source: 'south' }),
      metric('source_streams_pushed_total', { source: 'south' }),
      metric('source_rows_scanned_total', { source: 'south' }),
      metric('source_rows_returned_total', { source: 'south' }),
      metric('source_seconds_count', { source: 'south' }),
    ]);
  const before = await counts();
  const bundle = (await (await get('/fhir/Patient?family=Berg')).json()) as { entry: { resource: { id: string } }[] };
  expect(bundle.entry.map(({ resource }) => resource.id).sort()).toEqual(['north.2', 'south.2']);
  expect((await counts()).map((count, i) => count - before[i]!)).toEqual([1, 1, 1, 1, 1, 1, 1]);
  expect((await get('/fhir/Patient/south.1')).status).toBe(200);
  expect((await counts()).map((count, i) => count - before[i]!)).toEqual([1, 1, 1, 1, 2, 2, 2]);
  expect(await metric('http_requests_total', { route: 'GET /:type/:id', type: 'Patient', status: '200' })).toBe(1);
});

test('a required source that is away makes the server not ready, an optional one does not', async () => {
  const { north, south } = clinics;
  expect(await ready()).toEqual(isReady);
  renameSync(south.location, `${south.location}.away`);
  await new Promise((resolve) => setTimeout(resolve, 1100));
  expect(await ready()).toEqual(isReady);
  renameSync(`${south.location}.away`, south.location);
  renameSync(north.location, `${north.location}.away`);
  await new Promise((resolve) => setTimeout(resolve, 1100));
  expect(await ready()).toEqual(isNotReady);
  expect((await get('/health/live')).status).toBe(200);
  renameSync(`${north.location}.away`, north.location);
  await new Promise((resolve) => setTimeout(resolve, 1100));
  expect(await ready()).toEqual(isReady);
});

test('a source that keeps failing opens its breaker: metrics and readiness say so, until it has been tried again', async () => {
  const { location } = clinics.north;
  const open = () => metric('source_breaker', { source: 'north', state: 'open' });
  expect(await open()).toBe(0);
  renameSync(location, `${location}.away`);
  let asked = 0;
  while ((await open()) === 0 && asked < 2000) {
    const statuses = await Promise.all(
      Array.from({ length: 50 }, async () => (await get('/fhir/Patient/north.1')).status),
    );
    expect(new Set(statuses)).toEqual(new Set([503]));
    asked += 50;
  }
  expect(await open()).toBe(1);
  expect(await metric('source_breaker', { source: 'north', state: 'closed' })).toBe(0);
  expect(await metric('source_failures_total', { source: 'north', code: 'source-unavailable' })).toBeGreaterThan(100);
  expect(await metric('http_requests_total', { route: 'GET /:type/:id', status: '503' })).toBe(asked);
  await until(async () => (await ready())[0] === 503);
  expect(await ready()).toEqual(isNotReady);
  renameSync(`${location}.away`, location);
  await until(async () => (await ready())[0] === 200);
  expect(await open()).toBe(0);
  expect((await get('/fhir/Patient/north.1')).status).toBe(200);
}, 60_000);

test('neither the log nor the metrics hold anything of a patient, of a query or of where the data lie', async () => {
  const { north } = clinics;
  const asked = [
    '/fhir/Patient?family=Andersdotter&birthdate=1960-01-01',
    '/fhir/Patient/north.1',
    '/fhir/Patient/Andersdotter',
    '/fhir/Andersdotter/north.1',
    '/Andersdotter?family=Andersdotter',
    '/metrics?Andersdotter=1960-01-01',
    '/health/Andersdotter',
    '/fhir/Patient?Andersdotter=1960-01-01',
    '/fhir/Patient?birthdate=Andersdotter',
    '/fhir/Patient?_cursor=Andersdotter',
  ];
  const ask = async () => {
    for (const path of asked) {
      await get(path, { headers: { 'X-Request-Id': 'Andersdotter, 1960-01-01' } });
      await get(path, { method: 'POST', body: 'family=Andersdotter' });
    }
  };
  await ask();
  renameSync(north.location, `${north.location}.away`);
  writeFileSync(north.location, 'Andersdotter,1960-01-01\n'.repeat(1000));
  await ask();
  renameSync(`${north.location}.away`, north.location);
  const written = [...log, await (await get('/metrics')).text()].join('');
  expect(log.length).toBeGreaterThan(4 * asked.length);
  expect(written).toContain('source-corrupt');
  // By itself: the milliseconds of a line's time may hold these digits.
  expect(written).not.toMatch(/Andersdotter|\b1960\b|north\.1\b|Berg/);
  expect(written).not.toContain(dirname(north.location));
  const known = ['id', 'level', 'method', 'ms', 'route', 'status', 'time', 'type', 'error'];
  for (const line of log) for (const key of Object.keys(JSON.parse(line))) expect(known).toContain(key);
});
