import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import type { Patient } from '@medplum/fhirtypes';
import { json, outcomeOf, type Running, startServer } from '../support/http-server.js';

let server: Running;
beforeAll(async () => {
  server = await startServer();
});
afterAll(() => server.stop());

const modified = 'Mon, 01 Apr 2024 10:00:00 GMT';

test('rule 59: the id is the one of the URL, ETag and Last-Modified are those of meta', async () => {
  const answer = await server.ask('Patient/a.1');
  expect(json<Patient>(answer)).toMatchObject({ id: 'a.1', meta: { versionId: 'v1' } });
  expect(answer.headers).toMatchObject({ etag: 'W/"v1"', 'last-modified': modified });
  const other = await server.ask('Patient/b.2');
  expect(other.headers.etag).toBe('W/"v2"');
  expect(other.headers['last-modified']).toBeUndefined();
});

/** [headers, status] of a read of version v1, changed half a second after the whole second it names. */
const conditions: readonly (readonly [headers: Record<string, string>, status: number])[] = [
  [{ 'If-None-Match': 'W/"v1"' }, 304],
  [{ 'If-None-Match': '"v1"' }, 304],
  [{ 'If-None-Match': 'W/"v0", W/"v1"' }, 304],
  [{ 'If-None-Match': '*' }, 304],
  [{ 'If-None-Match': 'W/"v0"' }, 200],
  [{ 'If-None-Match': 'v1' }, 200],
  [{ 'If-Modified-Since': modified }, 304],
  [{ 'If-Modified-Since': 'Mon, 01 Apr 2024 09:59:59 GMT' }, 200],
  [{ 'If-Modified-Since': 'yesterday' }, 200],
  [{ 'If-None-Match': 'W/"v0"', 'If-Modified-Since': modified }, 200],
];

test.each(conditions)('rule 62: a read with %j is %i', async (headers, status) => {
  for (const method of ['GET', 'HEAD']) {
    const answer = await server.ask({ path: 'Patient/a.1', method, headers });
    expect(answer.status).toBe(status);
    expect(answer.headers.etag).toBe('W/"v1"');
    if (status === 304) expect(answer.text).toBe('');
  }
});

test('rule 62: If-Modified-Since says nothing about a resource whose time is not known', async () => {
  expect((await server.ask({ path: 'Patient/b.2', headers: { 'If-Modified-Since': modified } })).status).toBe(200);
});

const tag = { system: 'http://terminology.hl7.org/CodeSystem/v3-ObservationValue', code: 'SUBSETTED' };

/** Elements of Patient/a.1 beside resourceType, id, meta; link is a modifier element, active and gender are in the summary. */
const subsets: readonly (readonly [query: string, elements: readonly string[], whole: boolean])[] = [
  ['_summary=true', ['identifier', 'active', 'name', 'gender', 'birthDate', 'link'], false],
  ['_summary=text', ['text'], false],
  ['_summary=data', ['identifier', 'active', 'name', 'gender', 'birthDate', 'maritalStatus', 'contact', 'link'], false],
  [
    '_summary=false',
    ['text', 'identifier', 'active', 'name', 'gender', 'birthDate', 'maritalStatus', 'contact', 'link'],
    true,
  ],
  ['_elements=birthDate', ['active', 'birthDate', 'link'], false],
  ['_elements=name,contact', ['active', 'name', 'contact', 'link'], false],
];

test.each(subsets)('rule 49, rule 50: a read with %s has %j', async (query, elements, whole) => {
  const { resourceType, id, meta, ...rest } = json<Patient>(await server.ask(`Patient/a.1?${query}`));
  expect({ resourceType, id, versionId: meta?.versionId }).toEqual({
    resourceType: 'Patient',
    id: 'a.1',
    versionId: 'v1',
  });
  expect(Object.keys(rest).sort()).toEqual([...elements].sort());
  expect(meta?.tag ?? []).toEqual(whole ? [] : [expect.objectContaining(tag)]);
});

test('rule 49: mandatory elements stay in a text summary', async () => {
  const observation = json(await server.ask('Observation/a.1.w?_summary=text'));
  expect(Object.keys(observation).sort()).toEqual(['code', 'id', 'meta', 'resourceType', 'status']);
});

test.each(['_summary=count', '_summary=most', '_pretty=1', 'name=ada', '_id=a.1'])(
  'rule 90: a read with %s is refused',
  async (query) => {
    const answer = await server.ask(`Patient/a.1?${query}`);
    expect(answer.status).toBe(400);
    expect(outcomeOf(answer).issue?.[0]?.expression?.[0]).toMatch(/^http\./);
  },
);

test('rule 37: a read passes over parameters without value, as a search does', async () => {
  const whole = await server.ask('Patient/a.1');
  for (const query of ['_summary=', '_summary', '_elements=', 'name=', '_summary=&_elements=']) {
    const answer = await server.ask(`Patient/a.1?${query}`);
    expect([query, answer.status, answer.text]).toEqual([query, 200, whole.text]);
  }
  expect((await server.ask('Patient?_summary=&_count=1')).status).toBe(200);
});

test('rule 39: a read with an unknown parameter passes when the client is lenient', async () => {
  expect((await server.ask({ path: 'Patient/a.1?name=ada', headers: { Prefer: 'handling=lenient' } })).status).toBe(
    200,
  );
});

describe('what the resource cannot say itself', () => {
  let partial: Running;
  beforeAll(async () => {
    partial = await startServer({
      issues: [
        { severity: 'warning', code: 'undecodable', message: 'Patient.birthDate of "é" is left out.', place: {} },
      ],
    });
  });
  afterAll(() => partial.stop());

  test('is said in Warning, in characters a header may hold', async () => {
    const answer = await partial.ask('Patient/a.1');
    expect(answer.status).toBe(200);
    expect(answer.headers.warning).toBe(`199 healthsync "Patient.birthDate of '?' is left out."`);
  });
});
