import { describe, expect, test } from '@jest/globals';
import type { Resource } from '@medplum/fhirtypes';
import fc from 'fast-check';
import { refuseTwice } from '#src/bundle/entry-identity.js';
import { inOrder } from '#src/bundle/entry-order.js';
import { readRequestBundle } from '#src/bundle/request-bundle.js';
import type { RequestEntry } from '#src/bundle/request-entry.js';
import { responseBundle } from '#src/bundle/response-bundle.js';
import { knownTargets, planTransaction, withoutLinksBetween } from '#src/bundle/transaction.js';

const base = 'http://127.0.0.1:3000/fhir';
const parameters = { resourceType: 'Parameters' };
const entriesOf = (...entry: readonly unknown[]) =>
  readRequestBundle({ resourceType: 'Bundle', type: 'transaction', entry }, base).entries as readonly RequestEntry[];
const entry = (method: string, url: string, more: object = {}) => ({ request: { method, url }, ...more });
const conditional = (ifNoneExist: string) => ({
  request: { method: 'POST', url: 'Patient', ifNoneExist },
  resource: { resourceType: 'Patient' },
});
const create = (fullUrl: string, ...references: readonly string[]) =>
  entry('POST', 'Patient', {
    fullUrl,
    resource: { resourceType: 'Patient', generalPractitioner: references.map((reference) => ({ reference })) },
  });
const update = (id: string) => entry('PUT', `Patient/${id}`, { resource: { resourceType: 'Patient', id } });
const methods = ['DELETE', 'POST', 'PUT', 'PATCH', 'GET', 'HEAD'] as const;
const anyEntry = (method: (typeof methods)[number], i: number) =>
  method === 'POST'
    ? create(`urn:uuid:${i}`)
    : method === 'PUT'
      ? update(String(i))
      : entry(method, `Patient/${i}`, method === 'PATCH' ? { resource: parameters } : {});

describe('rule 79: the order of a transaction', () => {
  test('is DELETE, POST, PUT and PATCH, GET and HEAD, whatever that of its entries', () => {
    fc.assert(
      fc.property(fc.array(fc.constantFrom(...methods), { maxLength: 12 }), (chosen) => {
        const entries = entriesOf(...chosen.map(anyEntry));
        const plan = planTransaction(entries, base);
        expect(
          plan.map(({ method }) =>
            'DELETE POST PUT/PATCH GET/HEAD'.split(' ').findIndex((p) => p.split('/').includes(method)),
          ),
        ).toEqual(chosen.map((method) => ({ DELETE: 0, POST: 1, PUT: 2, PATCH: 2, GET: 3, HEAD: 3 })[method]).sort());
        expect(plan.toSorted((a, b) => a.index - b.index)).toEqual(entries);
        for (const [i, each] of plan.entries())
          if (plan[i + 1]?.method === each.method) expect(plan[i + 1]!.index).toBeGreaterThan(each.index);
      }),
      { numRuns: 300, seed: 20240511 },
    );
  });

  test('a resource comes after those that it links to, where they are no ring', () => {
    fc.assert(
      fc.property(
        fc.array(fc.tuple(fc.nat(), fc.nat()), { minLength: 1, maxLength: 12 }),
        fc.array(fc.nat(), { minLength: 12, maxLength: 12 }),
        (links, shuffle) => {
          // Entry i links only to entries before it; then they are shuffled.
          const all = links.map(([a, b], i) =>
            create(`urn:uuid:${i}`, ...(i === 0 ? [] : [`urn:uuid:${a % i}`, `urn:uuid:${b % i}`])),
          );
          const shuffled = all.toSorted((a, b) => shuffle[all.indexOf(a)]! - shuffle[all.indexOf(b)]!);
          const done = new Set<string | undefined>();
          for (const each of planTransaction(entriesOf(...shuffled), base)) {
            const i = Number(each.fullUrl!.slice('urn:uuid:'.length));
            if (i > 0) for (const link of links[i]!) expect(done).toContain(`urn:uuid:${link % i}`);
            done.add(each.fullUrl);
          }
          expect(done.size).toBe(links.length);
        },
      ),
      { numRuns: 200, seed: 20240512 },
    );
  });

  test('a ring is cut, a link to itself is none, and a long chain is no matter', () => {
    const ring = entriesOf(create('urn:uuid:a', 'urn:uuid:b'), create('urn:uuid:b', 'urn:uuid:a', 'urn:uuid:b'));
    expect(planTransaction(ring, base).map(({ fullUrl }) => fullUrl)).toEqual(['urn:uuid:b', 'urn:uuid:a']);
    const chain = entriesOf(...Array.from({ length: 8000 }, (_, i) => create(`urn:uuid:${i}`, `urn:uuid:${i + 1}`)));
    expect(planTransaction(chain, base)[0]!.index).toBe(7999);
    expect(inOrder(chain)).toEqual(chain);
  });
});

describe('rule 80: the same resource twice', () => {
  test.each<[string, readonly unknown[]]>([
    ['updated and deleted', [update('1'), entry('DELETE', 'Patient/1')]],
    ['updated and patched', [update('1'), entry('PATCH', `${base}/Patient/1`, { resource: parameters })]],
    ['deleted twice by the same criteria', [entry('DELETE', 'Patient?name=a'), entry('DELETE', 'Patient?name=a')]],
    ['created twice on the same condition', [conditional('identifier=a'), conditional('?identifier=a')]],
    ['created on a condition, and deleted', [conditional('identifier=a'), entry('DELETE', 'Patient?identifier=a')]],
  ])('is refused: %s', (_, entries) => {
    expect(() => planTransaction(entriesOf(entry('GET', 'Patient/1'), ...entries), base)).toThrow(
      expect.objectContaining({ code: 'invalid-body', place: { expression: 'Bundle.entry[2].request.url' } }),
    );
  });

  test('is refused when criteria turn out to mean it', () => {
    const entries = entriesOf(update('1'), entry('DELETE', 'Patient?identifier=a'));
    expect(planTransaction(entries, base)).toHaveLength(2);
    expect(() => refuseTwice(entries, () => 'Patient/1')).toThrow(
      expect.objectContaining({ message: 'The entry is about the same resource as Bundle.entry[0].' }),
    );
  });

  test('is none: what is only read, what is of another type, what is created anew', () => {
    const same = [entry('GET', 'Patient/1'), entry('GET', 'Patient/1'), update('1'), entry('DELETE', 'Person/1')];
    expect(planTransaction(entriesOf(...same, create('urn:uuid:1'), create('urn:uuid:2')), base)).toHaveLength(6);
  });
});

test('rule 81: an update is linked to by its url, not by its fullUrl', () => {
  const put = { ...update('1'), fullUrl: 'http://elsewhere/Patient/9' };
  const byCriteria = entry('PUT', 'Patient?a=b', { fullUrl: 'urn:uuid:2', resource: { resourceType: 'Patient' } });
  const read = { ...entry('GET', 'Patient/4'), fullUrl: 'urn:uuid:4' };
  expect(knownTargets(entriesOf(put, byCriteria, create('urn:uuid:3'), read))).toEqual(
    new Map([['http://elsewhere/Patient/9', { type: 'Patient', id: '1' }]]),
  );
});

test('rule 78: an entry of a batch that links to what another creates fails alone', () => {
  const entries = entriesOf(
    create('urn:uuid:a', 'urn:uuid:b'),
    create('urn:uuid:b', 'urn:uuid:b', 'Patient/1'),
    { ...update('1'), fullUrl: `${base}/Patient/1` },
    entry('GET', 'Patient/1'),
  );
  const [first, ...rest] = withoutLinksBetween(entries, base);
  expect(first).toMatchObject({
    index: 0,
    fault: { code: 'unprocessable', place: { expression: 'Bundle.entry[0].resource' } },
  });
  expect(rest).toEqual(entries.slice(1));
});

test('rules 78 and 83: the answers stand in the order of the entries, each with its status, location, version and time', () => {
  const resource = { resourceType: 'Patient', id: '1' } as Resource;
  expect(
    responseBundle('batch', [
      {
        status: 201,
        resource,
        location: `${base}/Patient/1/_history/2`,
        version: '2',
        lastModified: '2020-01-01T00:00:00Z',
      },
      { status: 404, outcome: { resourceType: 'OperationOutcome', issue: [] } },
    ]),
  ).toEqual({
    resourceType: 'Bundle',
    type: 'batch-response',
    entry: [
      {
        resource,
        response: {
          status: '201',
          location: `${base}/Patient/1/_history/2`,
          etag: 'W/"2"',
          lastModified: '2020-01-01T00:00:00Z',
        },
      },
      { response: { status: '404', outcome: { resourceType: 'OperationOutcome', issue: [] } } },
    ],
  });
  expect(responseBundle('transaction', [])).toEqual({ resourceType: 'Bundle', type: 'transaction-response' });
});
