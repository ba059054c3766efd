import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import type { Bundle } from '@medplum/fhirtypes';
import { bundleOf, links, outcomeOf, type Running, startServer } from '../support/http-server.js';

let server: Running;
beforeAll(async () => {
  server = await startServer();
});
afterAll(() => server.stop());

const form = { 'Content-Type': 'application/x-www-form-urlencoded' };
const search = async (path: string, headers = {}) => bundleOf(await server.ask({ path, headers }));
const ids = (bundle: Bundle, mode = 'match') =>
  (bundle.entry ?? []).filter((entry) => entry.search?.mode === mode).map(({ resource }) => resource?.id);
const below = (url: string | undefined) => url?.slice(server.baseUrl.length + 1);

describe('the Bundle', () => {
  test('rule 41: no match is 200 without entry', async () => {
    const bundle = await search('Patient?family=nobody');
    expect(bundle).toMatchObject({ resourceType: 'Bundle', type: 'searchset' });
    expect(bundle).not.toHaveProperty('entry');
    expect(bundle).not.toHaveProperty('total');
  });

  test('rule 42: every entry has an absolute fullUrl and its mode', async () => {
    const { entry } = await search('Observation?_include=Observation:subject');
    expect(entry?.map(({ fullUrl, search: found }) => [fullUrl, found?.mode])).toEqual([
      [`${server.baseUrl}/Observation/a.1.w`, 'match'],
      [`${server.baseUrl}/Patient/a.1`, 'include'],
    ]);
  });

  test('rule 43: total counts the matches of all pages, and is there only when asked for', async () => {
    expect(await search('Patient?_count=1&_total=accurate')).toMatchObject({ total: 3 });
    expect(await search('Patient?_count=1')).not.toHaveProperty('total');
  });

  test.each(['_count=0', '_summary=count'])('rule 44: %s gives the total alone', async (query) => {
    const bundle = await search(`Patient?${query}`);
    expect(bundle).toMatchObject({ total: 3 });
    expect(bundle).not.toHaveProperty('entry');
    expect(Object.keys(links(bundle))).toEqual(['self']);
  });

  test('rule 89: a decimal keeps its precision in a Bundle', async () => {
    expect((await server.ask('Observation')).text).toContain('"value":61.50,');
  });
});

/** [what was asked, what self says] */
const selves: readonly (readonly [asked: string, self: string])[] = [
  ['Patient', 'Patient?_count=2'],
  ['Patient?', 'Patient?_count=2'],
  ['Patient?_count=99', 'Patient?_count=3'],
  ['Patient?family=', 'Patient?_count=2'],
  ['Patient?family=Bell&_count=1', 'Patient?family=Bell&_count=1'],
  ['Patient?family=a,b&family=c', 'Patient?family=a,b&family=c&_count=2'],
  ['Patient?family=a%20b+c%26d', 'Patient?family=a%20b%20c%26d&_count=2'],
  ['Patient?_sort=-birthdate,_id&_elements=name', 'Patient?_sort=-birthdate,_id&_count=2&_elements=name'],
  ['Patient?_format=json&_pretty=true&family=Bell', 'Patient?family=Bell&_count=2&_format=json&_pretty=true'],
  ['Observation?_include=Observation:subject', 'Observation?_count=2&_include=Observation:subject'],
];

test.each(selves)('rule 40: the self link of %s is %s', async (asked, self) => {
  expect(below(links(await search(asked)).self)).toBe(self);
});

test('rule 45: pages follow next to every match once, each repeating the parameters', async () => {
  const first = await search('Patient?gender:missing=false&_count=1&_format=json');
  expect(links(first).next).toMatch(/\/Patient\?gender:missing=false&_count=1&_format=json&_cursor=[\w-]+$/);
  const second = await search(below(links(first).next)!);
  expect([...ids(first), ...ids(second)]).toEqual(['a.1', 'b.2']);
  expect(links(second)).toEqual({ self: links(first).next, first: links(first).self });
});

describe('POST', () => {
  test('rule 55: parameters of URL and body combine, and links are of GET', async () => {
    const answer = await server.ask({
      method: 'POST',
      path: 'Patient/_search?gender=male,female&_count=1',
      headers: form,
      body: 'family=Bell&_total=accurate',
    });
    const bundle = bundleOf(answer);
    expect(ids(bundle)).toEqual(['b.2']);
    expect(below(links(bundle).self)).toBe('Patient?gender=male,female&family=Bell&_count=1&_total=accurate');
  });

  test('rule 55: a body is not needed', async () => {
    expect(ids(bundleOf(await server.ask({ method: 'POST', path: 'Patient/_search?family=Bell' })))).toEqual(['b.2']);
  });

  test('rule 97: GET and POST answer the same', async () => {
    const get = await server.ask('Patient?name=Ada&_total=accurate');
    const post = await server.ask({
      method: 'POST',
      path: 'Patient/_search',
      headers: form,
      body: 'name=Ada&_total=accurate',
    });
    expect(post.text).toBe(get.text);
  });

  test('rule 90: a body or URL over its limit is refused', async () => {
    const body = await server.ask({
      method: 'POST',
      path: 'Patient/_search',
      headers: form,
      body: `name=${'x'.repeat(2000)}`,
    });
    expect([body.status, outcomeOf(body).issue?.[0]?.code]).toEqual([413, 'too-long']);
    const url = await server.ask(`Patient?name=${'x'.repeat(1000)}`);
    expect([url.status, outcomeOf(url).issue?.[0]?.code]).toEqual([414, 'too-long']);
  });

  test('rule 36: %-encoding is decoded once, and a broken one is refused', async () => {
    expect(below(links(await search('Patient?family=%2541')).self)).toBe('Patient?family=%2541&_count=2');
    for (const query of ['family=%', 'family=%C3', 'family=%zz', '%=a']) {
      const answer = await server.ask(`Patient?${query}`);
      expect([answer.status, outcomeOf(answer).issue?.[0]?.expression]).toEqual([400, ['http.query']]);
    }
  });
});

describe('handling', () => {
  const asked = 'Patient?family=Bell&favourite-colour=red&_sort=-family,birthdate';

  test('rule 39: an unknown parameter is refused, and the valid ones are named', async () => {
    for (const headers of [{}, { Prefer: 'handling=strict' }] as Record<string, string>[]) {
      const answer = await server.ask({ path: 'Patient?favourite-colour=red', headers });
      expect(answer.status).toBe(400);
      expect(outcomeOf(answer).issue).toMatchObject([
        {
          severity: 'error',
          code: 'not-supported',
          diagnostics: expect.stringContaining('birthdate'),
          expression: ['http.favourite-colour'],
        },
      ]);
    }
  });

  test('rule 46: a key that cannot be sorted by is refused', async () => {
    const answer = await server.ask('Patient?_sort=family');
    expect(outcomeOf(answer).issue).toMatchObject([
      { diagnostics: expect.stringContaining('_id, birthdate'), expression: ['http._sort'] },
    ]);
  });

  test('rule 39, rule 41: lenient ignores them, leaves them out of self, and warns in one outcome', async () => {
    const answer = await server.ask({ path: asked, headers: { Prefer: 'return=minimal, handling=lenient' } });
    const bundle = bundleOf(answer);
    expect(answer.headers['preference-applied']).toBe('handling=lenient');
    expect(below(links(bundle).self)).toBe('Patient?family=Bell&_sort=birthdate&_count=2');
    expect(bundle.entry?.map((entry) => entry.search?.mode)).toEqual(['match', 'outcome']);
    const outcome = bundle.entry?.[1];
    expect(outcome?.fullUrl).toMatch(/^urn:uuid:[0-9a-f]{8}-[0-9a-f]{4}-5[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/);
    expect(outcome?.resource).toMatchObject({
      resourceType: 'OperationOutcome',
      issue: [
        { severity: 'warning', code: 'not-supported', expression: ['http.favourite-colour'] },
        { severity: 'warning', code: 'not-supported', expression: ['http._sort'] },
      ],
    });
  });

  test('rule 27: an unsupported modifier is refused, by a lenient client too', async () => {
    const answer = await server.ask({ path: 'Patient?birthdate:text=a', headers: { Prefer: 'handling=lenient' } });
    expect([answer.status, outcomeOf(answer).issue?.[0]?.expression]).toEqual([400, ['http.birthdate']]);
  });

  test('rule 45: a cursor that was not made here is refused', async () => {
    const answer = await server.ask('Patient?_cursor=garbage');
    expect([answer.status, outcomeOf(answer).issue?.[0]?.details?.coding?.[0]?.code]).toEqual([400, 'invalid-cursor']);
  });
});

describe('parts', () => {
  test('rule 50: _elements does not apply to what is included', async () => {
    const { entry } = await search('Observation?_elements=subject&_include=Observation:subject');
    expect(Object.keys(entry![0]!.resource!).sort()).toEqual([
      'code',
      'id',
      'meta',
      'resourceType',
      'status',
      'subject',
    ]);
    expect(entry![1]!.resource).toMatchObject({ resourceType: 'Patient', contact: expect.anything() });
    expect(entry![1]!.resource?.meta).not.toHaveProperty('tag');
  });

  test('rule 49: a text summary is not combined with includes', async () => {
    expect((await server.ask('Observation?_summary=text&_include=Observation:subject')).status).toBe(400);
  });
});

describe('rule 98: a source that did not answer', () => {
  let partial: Running;
  beforeAll(async () => {
    partial = await startServer({
      issues: [
        {
          severity: 'error',
          code: 'source-timeout',
          message: 'north did not answer in time.',
          place: { source: 'north' },
        },
      ],
    });
  });
  afterAll(() => partial.stop());

  test('is named in one outcome at the end, as a warning, with incomplete beside it', async () => {
    const bundle = bundleOf(await partial.ask('Patient?_count=1'));
    expect(bundle.entry?.map((entry) => entry.search?.mode)).toEqual(['match', 'outcome']);
    const coding = expect.arrayContaining([{ system: 'urn:healthsync:source', code: 'north' }]);
    expect(bundle.entry?.[1]?.resource).toMatchObject({
      issue: [
        { severity: 'warning', code: 'timeout', details: { coding } },
        { severity: 'warning', code: 'incomplete', details: { coding } },
      ],
    });
  });

  test('is named beside a total that is asked for alone', async () => {
    const bundle = bundleOf(await partial.ask('Patient?_summary=count'));
    expect(bundle.entry?.map((entry) => entry.search?.mode)).toEqual(['outcome']);
  });
});
