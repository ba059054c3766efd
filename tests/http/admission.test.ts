import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { outcomeOf, type Running, startServer } from '../support/http-server.js';

let server: Running;
beforeAll(async () => {
  server = await startServer();
});
afterAll(() => server.stop());

/** [what comes, its headers, status]; PORT stands for the port listened on. */
const callers: readonly (readonly [string, Record<string, string>, number])[] = [
  ['a program that names the address', { Host: '127.0.0.1:PORT' }, 200],
  ['a program that names localhost', { Host: 'localhost:PORT' }, 200],
  ['a program through a tunnel', { Host: 'localhost:9999' }, 200],
  ['a program over IPv6', { Host: '[::1]:PORT' }, 200],
  ['a page whose name was rebound to this address', { Host: 'evil.example:PORT' }, 403],
  ['a name that only starts like ours', { Host: '127.0.0.1.evil.example' }, 403],
  ['a page of our own', { Host: 'localhost:PORT', Origin: 'http://localhost:PORT' }, 200],
  ['a page of the base URL', { Origin: 'http://127.0.0.1:PORT' }, 200],
  ['a page elsewhere', { Origin: 'https://evil.example' }, 403],
  ['a page of another port here', { Origin: 'http://localhost:5173' }, 403],
  ['a page without an origin', { Origin: 'null' }, 403],
  ['a page that is not plain http', { Host: 'localhost:PORT', Origin: 'https://localhost:PORT' }, 403],
];

test.each(callers)('rule 94: %s is answered as it must be', async (_who, given, status) => {
  const headers = Object.fromEntries(
    Object.entries(given).map(([name, value]) => [name, value.replace('PORT', String(server.port))]),
  );
  for (const path of ['Patient/a.1', 'metadata', 'Patient?_count=1']) {
    const answer = await server.ask({ path, headers });
    expect(answer.status).toBe(status);
    expect(Object.keys(answer.headers).filter((name) => name.startsWith('access-control'))).toEqual([]);
    if (status === 403) expect(outcomeOf(answer).issue?.[0]?.code).toBe('forbidden');
  }
});

test('rule 94: a preflight is refused, and nothing is allowed by it', async () => {
  const answer = await server.ask({
    path: 'Patient',
    method: 'OPTIONS',
    headers: { Origin: 'https://evil.example', 'Access-Control-Request-Method': 'GET' },
  });
  expect(answer.status).toBe(403);
  expect(Object.keys(answer.headers).filter((name) => name.startsWith('access-control'))).toEqual([]);
});

test('rule 94: X-Request-Id is echoed when it is harmless, and made otherwise', async () => {
  const echoed = async (id: string) =>
    (await server.ask({ path: 'Patient/a.1', headers: { 'X-Request-Id': id } })).headers['x-request-id'];
  expect(await echoed('abc-1.2_3')).toBe('abc-1.2_3');
  expect(await echoed('a b')).toMatch(/^r\d+$/);
  expect(await echoed('x'.repeat(65))).toMatch(/^r\d+$/);
  expect((await server.ask('nowhere')).headers['x-request-id']).toMatch(/^r\d+$/);
});

test('no cache keeps an answer, no page frames it, and the framework does not name itself', async () => {
  for (const path of ['Patient/a.1', 'Patient?_count=1', 'nowhere']) {
    const { headers } = await server.ask(path);
    expect(headers).toMatchObject({ 'cache-control': 'no-store', 'x-content-type-options': 'nosniff' });
    expect(headers['content-security-policy']).toContain("frame-ancestors 'none'");
    expect(headers).not.toHaveProperty('x-powered-by');
  }
});

test('the log tells method, route, type and status, and nothing of the patient', async () => {
  server.log.length = 0;
  await server.ask({ path: 'Patient/a.1?_elements=name', headers: { 'X-Request-Id': 'one' } });
  await server.ask({ path: 'Patient?family=Lovelace', headers: { 'X-Request-Id': 'two' } });
  await server.ask({ path: 'Lovelace/a.1', headers: { 'X-Request-Id': 'three' } });
  expect(server.log.map((line) => JSON.parse(line))).toMatchObject([
    { id: 'one', method: 'GET', route: 'GET /:type/:id', type: 'Patient', status: 200, ms: expect.any(Number) },
    { id: 'two', method: 'GET', route: 'GET /:type', type: 'Patient', status: 200 },
    { id: 'three', type: '', status: 404 },
  ]);
  expect(server.log.join('')).not.toMatch(/Lovelace|a\.1|_elements/);
});
