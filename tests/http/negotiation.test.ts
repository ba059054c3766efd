import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { json, outcomeOf, type Running, startServer } from '../support/http-server.js';

let server: Running;
beforeAll(async () => {
  server = await startServer();
});
afterAll(() => server.stop());

/** [rule, path, Accept, status] */
const formats: readonly (readonly [rule: string, path: string, accept: string | undefined, status: number])[] = [
  ['85', 'Patient/a.1', undefined, 200],
  ['85', 'Patient/a.1', '*/*', 200],
  ['85', 'Patient/a.1', 'application/*', 200],
  ['85', 'Patient/a.1', 'application/fhir+json', 200],
  ['85', 'Patient/a.1', 'application/json', 200],
  ['85', 'Patient/a.1', 'text/json', 200],
  ['85', 'Patient/a.1', 'Application/FHIR+JSON; charset="UTF-8"', 200],
  ['85', 'Patient/a.1', 'text/html, application/xhtml+xml, */*;q=0.8', 200],
  ['85', 'Patient/a.1', 'application/pdf', 406],
  ['85', 'Patient/a.1', 'text/html', 406],
  ['85', 'Patient/a.1', 'application/fhir+json;q=0', 406],
  ['85', 'Patient/a.1', 'nonsense', 406],
  ['88', 'Patient/a.1', 'application/fhir+xml', 406],
  ['88', 'metadata', 'application/xml', 406],
  ['88', 'Patient', 'text/turtle', 406],
  ['87', 'Patient/a.1', 'application/fhir+json; fhirVersion=4.0', 200],
  ['87', 'Patient/a.1', 'application/fhir+json; fhirVersion="4.0"', 200],
  ['87', 'Patient/a.1', 'application/fhir+json; fhirVersion=3.0', 406],
  ['87', 'Patient/a.1', 'application/fhir+json; fhirVersion=5.0, application/json', 200],
  ['86', 'Patient/a.1?_format=json', 'application/pdf', 200],
  ['86', 'Patient/a.1?_format=application/json', undefined, 200],
  ['86', 'Patient/a.1?_format=application/fhir%2Bjson', undefined, 200],
  ['86', 'Patient/a.1?_format=application/fhir+json', undefined, 200],
  ['86', 'Patient?_format=', undefined, 200],
  ['86', 'metadata?_format=json', undefined, 200],
  ['86', 'Patient/a.1?_format=xml', undefined, 406],
  ['86', 'Patient/a.1?_format=xml', 'application/fhir+json', 406],
  ['86', 'Patient?_format=text/xml', undefined, 406],
  ['86', 'Patient?_format=ttl', undefined, 406],
  ['86', 'Patient?_format=klingon', undefined, 406],
];

test.each(formats)('rule %s: %s with Accept %s is %i', async (_rule, path, accept, status) => {
  const answer = await server.ask({ path, headers: accept === undefined ? {} : { Accept: accept } });
  expect(answer.status).toBe(status);
  expect(answer.headers['content-type']).toBe('application/fhir+json; charset=utf-8');
  if (status === 406)
    expect(outcomeOf(answer).issue?.[0]).toMatchObject({
      code: 'not-supported',
      expression: [expect.stringMatching(/^http\./)],
    });
});

/** [Content-Type or headers of a POST search, status] */
const bodies: readonly (readonly [headers: Record<string, string>, status: number])[] = [
  [{ 'Content-Type': 'application/x-www-form-urlencoded' }, 200],
  [{ 'Content-Type': 'application/x-www-form-urlencoded; charset=UTF-8' }, 200],
  [{ 'Content-Type': 'application/x-www-form-urlencoded; charset=latin1' }, 415],
  [{ 'Content-Type': 'application/x-www-form-urlencoded; fhirVersion=3.0' }, 415],
  [{ 'Content-Type': 'application/fhir+json' }, 415],
  [{ 'Content-Type': 'application/x-www-form-urlencoded', 'Content-Encoding': 'gzip' }, 415],
  [{}, 415],
];

test.each(bodies)('rule 67: a POST search with %j is %i', async (headers, status) => {
  const answer = await server.ask({ method: 'POST', path: 'Patient/_search', headers, body: '_id=a.1' });
  expect(answer.status).toBe(status);
  if (status === 415) expect(outcomeOf(answer).issue?.[0]?.details?.coding?.[0]?.code).toBe('unsupported-media-type');
});

describe('rule 86: _pretty', () => {
  test('breaks lines and changes nothing else, decimals included', async () => {
    const [plain, pretty] = [
      await server.ask('Observation/a.1.w?_pretty=false'),
      await server.ask('Observation/a.1.w?_pretty=true'),
    ];
    expect(plain.text).toContain('"value":61.50,');
    expect(pretty.text).toContain('\n    "value": 61.50,\n');
    expect(json(pretty)).toEqual(json(plain));
  });

  test('is true or false', async () => {
    expect((await server.ask('Observation/a.1.w?_pretty=perhaps')).status).toBe(400);
  });
});

test('rule 89: no null, no empty array, object or string is written', async () => {
  for (const path of ['Patient/a.1', 'Patient?_count=3', 'Patient?_summary=true', 'Patient?_id=nobody', 'metadata']) {
    expect((await server.ask(path)).text).not.toMatch(/null|\[\]|\{\}|:""/);
  }
});
