import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import type { CapabilityStatement } from '@medplum/fhirtypes';
import { json, outcomeOf, type Running, startServer } from '../support/http-server.js';

let server: Running;
let statement: CapabilityStatement;
beforeAll(async () => {
  server = await startServer();
  statement = json<CapabilityStatement>(await server.ask('metadata'));
});
afterAll(() => server.stop());

const types = () => statement.rest?.[0]?.resource ?? [];

test('rule 92: it is an instance of R4, at its URL', () => {
  expect(statement).toMatchObject({
    resourceType: 'CapabilityStatement',
    status: 'active',
    kind: 'instance',
    fhirVersion: '4.0.1',
    software: { version: '1.2.3' },
    implementation: { url: server.baseUrl, description: expect.any(String) },
    rest: [{ mode: 'server' }],
  });
  expect(statement.date).toBe('2024-05-01T12:00:00.000Z');
});

test('rule 88: no format is claimed that is not written', async () => {
  expect(statement.format).toEqual(['application/fhir+json', 'json']);
  for (const format of statement.format!) {
    expect((await server.ask(`metadata?_format=${encodeURIComponent(format)}`)).status).toBe(200);
  }
});

test('rule 93: each type has just the interactions that work', async () => {
  expect(types().map(({ type }) => type)).toEqual(['Observation', 'Patient']);
  for (const { interaction, versioning, readHistory, updateCreate, conditionalRead } of types()) {
    expect(interaction?.map(({ code }) => code).sort()).toEqual(['read', 'search-type', 'vread']);
    expect({ versioning, readHistory, updateCreate, conditionalRead }).toEqual({
      versioning: 'versioned',
      readHistory: false,
      updateCreate: false,
      conditionalRead: 'not-match',
    });
  }
});

test('rule 93: each search parameter has its type and definition, and is understood', async () => {
  const patient = types().find(({ type }) => type === 'Patient');
  expect(patient?.searchParam).toContainEqual({
    name: 'birthdate',
    type: 'date',
    definition: 'http://hl7.org/fhir/SearchParameter/individual-birthdate',
    documentation: 'Modifiers: :missing',
  });
  for (const { type, searchParam } of types()) {
    for (const { name, definition } of searchParam ?? []) {
      expect(definition).toMatch(/^http:\/\/hl7\.org\/fhir\/SearchParameter\//);
      expect([name, (await server.ask(`${type}?${name}:missing=true`)).status]).toEqual([
        name,
        name === 'code-value-quantity' ? 400 : 200,
      ]);
    }
  }
});

test('rule 93: every include that is named is followed', async () => {
  for (const { type, searchInclude = [], searchRevInclude = [] } of types()) {
    for (const include of searchInclude) expect((await server.ask(`${type}?_include=${include}`)).status).toBe(200);
    for (const include of searchRevInclude)
      expect((await server.ask(`${type}?_revinclude=${include}`)).status).toBe(200);
  }
});

describe('rule 92: ETag', () => {
  test('is the same for the same content, and answers If-None-Match', async () => {
    const { etag } = (await server.ask('metadata')).headers;
    expect(etag).toMatch(/^W\/"[0-9a-f]{16}"$/);
    expect((await server.ask({ path: 'metadata', headers: { 'If-None-Match': etag! } })).status).toBe(304);
  });

  test('changes with the content', async () => {
    const other = await startServer({ resources: [{ resourceType: 'Patient', id: '1' }] });
    expect((await other.ask('metadata')).headers.etag).not.toBe((await server.ask('metadata')).headers.etag);
    await other.stop();
  });
});

test.each([
  ['mode=full', 200],
  ['mode=normative', 200],
  ['mode=terminology', 400],
  ['mode=all', 400],
  ['name=x', 400],
] as const)('rule 92: metadata?%s is %i', async (query, status) => {
  const answer = await server.ask(`metadata?${query}`);
  expect(answer.status).toBe(status);
  if (status === 400) expect(outcomeOf(answer).issue?.[0]?.diagnostics).toBeTruthy();
});
