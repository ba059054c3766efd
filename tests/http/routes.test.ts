import { connect } from 'node:net';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { type Ask, outcomeOf, type Running, startServer } from '../support/http-server.js';

let server: Running;
beforeAll(async () => {
  server = await startServer();
});
afterAll(() => server.stop());

const form = { 'Content-Type': 'application/x-www-form-urlencoded' };

interface Refusal extends Ask {
  readonly rule: string;
  readonly status: number;
  readonly code: string;
  readonly allow?: string;
}

const refusals: readonly Refusal[] = [
  { rule: '95', path: 'patient/a.1', status: 404, code: 'unknown-type' },
  { rule: '95', path: 'Patient/A.1', status: 404, code: 'not-found' },
  { rule: '58', path: 'Medication?code=x', status: 404, code: 'unknown-type' },
  { rule: '58', path: 'Spaceship', status: 404, code: 'unknown-type' },
  { rule: '61', path: 'Patient/nobody', status: 404, code: 'not-found' },
  { rule: '61', path: 'Patient/not_an_id', status: 404, code: 'not-found' },
  { rule: '61', path: `Patient/${'x'.repeat(65)}`, status: 404, code: 'not-found' },
  { rule: '61', path: 'Patient/%E0%A4%A', status: 400, code: 'invalid-value' },
  { rule: '61', path: 'Patient/a%2F1', status: 404, code: 'not-found' },
  { rule: '63', path: 'Patient/a.1/_history/v0', status: 404, code: 'not-found' },
  { rule: '64', path: 'Patient/a.1/_history', status: 404, code: 'unknown-path' },
  { rule: '64', path: 'Patient/_history', status: 404, code: 'not-found' },
  { rule: '55', method: 'POST', path: '_search', headers: form, body: '_id=a.1', status: 404, code: 'unknown-path' },
  { rule: '78', method: 'POST', path: '', status: 400, code: 'invalid-body' },
  { rule: '90', path: '/', status: 404, code: 'unknown-path' },
  { rule: '90', path: '/fhir', status: 405, code: 'method-not-allowed', allow: 'POST' },
  { rule: '90', path: '/other/Patient', status: 404, code: 'unknown-path' },
  { rule: '90', path: 'Patient/a.1/Observation', status: 404, code: 'unknown-path' },
  { rule: '90', path: 'Patient/a.1/$everything', status: 404, code: 'unknown-path' },
  { rule: '72', method: 'DELETE', path: 'Patient/a.1', status: 405, code: 'method-not-allowed', allow: 'GET, HEAD' },
  {
    rule: '72',
    method: 'PUT',
    path: 'Patient/a.1',
    body: '{}',
    status: 405,
    code: 'method-not-allowed',
    allow: 'GET, HEAD',
  },
  {
    rule: '72',
    method: 'PATCH',
    path: 'Patient/a.1',
    body: '[]',
    status: 405,
    code: 'method-not-allowed',
    allow: 'GET, HEAD',
  },
  {
    rule: '72',
    method: 'POST',
    path: 'Patient',
    body: '{}',
    status: 405,
    code: 'method-not-allowed',
    allow: 'GET, HEAD',
  },
  { rule: '55', method: 'GET', path: 'Patient/_search', status: 405, code: 'method-not-allowed', allow: 'POST' },
  { rule: '95', method: 'OPTIONS', path: 'Patient', status: 405, code: 'method-not-allowed', allow: 'GET, HEAD' },
  { rule: '95', method: 'OPTIONS', path: 'metadata', status: 405, code: 'method-not-allowed', allow: 'GET, HEAD' },
  { rule: '95', method: 'PURGE', path: 'Patient/a.1', status: 405, code: 'method-not-allowed', allow: 'GET, HEAD' },
  { rule: '95', method: 'POST', path: 'Spaceship', status: 404, code: 'unknown-type' },
];

describe('what is not there', () => {
  test.each(refusals.map((each) => ({ method: 'GET', ...each })))(
    'rule $rule: $method $path is $status $code',
    async ({ status, code, allow, ...asked }) => {
      const answer = await server.ask(asked);
      expect(answer.status).toBe(status);
      expect(answer.headers['content-type']).toBe('application/fhir+json; charset=utf-8');
      expect(outcomeOf(answer).issue).toMatchObject([{ severity: 'error', details: { coding: [{ code }] } }]);
      expect(answer.headers.allow).toBe(allow);
    },
  );

  test('rule 90: an unknown method and a request that is no HTTP get an OperationOutcome too', async () => {
    expect(await raw(server.port, 'BREW /fhir/Patient HTTP/1.1\r\nHost: localhost\r\n\r\n')).toMatch(
      /^HTTP\/1\.1 405 [\s\S]*Allow: GET, HEAD, POST[\s\S]*"resourceType":"OperationOutcome"/,
    );
    expect(await raw(server.port, '\x16\x03\x01 hello\r\n\r\n')).toMatch(
      /^HTTP\/1\.1 (400|405) [\s\S]*OperationOutcome/,
    );
    expect(
      await raw(server.port, `GET /fhir/Patient HTTP/1.1\r\nHost: localhost\r\nX: ${'x'.repeat(40_000)}\r\n\r\n`),
    ).toMatch(/^HTTP\/1\.1 431 [\s\S]*OperationOutcome/);
  });
});

describe('what is there', () => {
  test.each(['Patient/a.1', 'Patient/a.1/', '/fhir//Patient//a.1', '//fhir/Patient/a.1', 'Patient/a%2E1'])(
    'rule 95: %s is the patient',
    async (path) => {
      const answer = await server.ask(path);
      expect(answer.status).toBe(200);
      expect(JSON.parse(answer.text)).toMatchObject({ resourceType: 'Patient', id: 'a.1' });
    },
  );

  test.each(['Patient/a.1', 'Patient?_count=1', 'metadata', 'Patient/nobody'])(
    'rule 65: HEAD %s is GET without body',
    async (path) => {
      const [get, head] = [await server.ask(path), await server.ask({ path, method: 'HEAD' })];
      const { date: _, 'x-request-id': __, ...same } = get.headers;
      expect(head.status).toBe(get.status);
      expect(head.headers).toMatchObject(same);
      expect(head.text).toBe('');
    },
  );
});

function raw(port: number, text: string): Promise<string> {
  return new Promise((resolve, reject) => {
    let got = '';
    const socket = connect(port, '127.0.0.1', () => socket.write(text));
    socket.on('data', (chunk) => {
      got += String(chunk);
    });
    socket.on('end', () => resolve(got)).on('error', reject);
  });
}
