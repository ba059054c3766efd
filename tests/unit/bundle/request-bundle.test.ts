import { describe, expect, test } from '@jest/globals';
import { readRequestBundle } from '#src/bundle/request-bundle.js';

const base = 'http://127.0.0.1:3000/fhir';
const patient = { resourceType: 'Patient', id: '1' };
const get = { request: { method: 'GET', url: 'metadata' } };
const bundle = (...entry: readonly unknown[]) => ({ resourceType: 'Bundle', type: 'transaction', entry });
const request = (method: string, url: unknown, more: object = {}) => ({ request: { method, url, ...more } });
const write = (method: string, url: unknown, resource: unknown = patient) => ({ ...request(method, url), resource });

const faultOf = (run: () => unknown) => {
  try {
    run();
  } catch (error) {
    const { code, place } = error as { code: string; place: { expression?: string } };
    return [code, place.expression];
  }
  return ['done'];
};

describe('rule 84: what is no batch and no transaction', () => {
  test.each<[string, unknown, string]>([
    ['null', null, 'Bundle'],
    ['a list', [], 'Bundle'],
    ['another resource', patient, 'Bundle'],
    ['no type', { resourceType: 'Bundle' }, 'Bundle.type'],
    ['a searchset', { resourceType: 'Bundle', type: 'searchset' }, 'Bundle.type'],
    ['an inherited name', { resourceType: 'Bundle', type: 'constructor' }, 'Bundle.type'],
    ['entries that are no list', { resourceType: 'Bundle', type: 'batch', entry: {} }, 'Bundle.entry'],
  ])('%s', (_, body, expression) => {
    expect(faultOf(() => readRequestBundle(body, base))).toEqual(['invalid-body', expression]);
  });

  test('rule 80: an empty transaction is fine', () => {
    expect(readRequestBundle({ resourceType: 'Bundle', type: 'transaction' }, base)).toEqual({
      type: 'transaction',
      entries: [],
    });
  });
});

/** Each stands as the third entry. */
const faulty: readonly (readonly [what: string, entry: unknown, where: string, code?: string])[] = [
  ['no object', 'GET', ''],
  ['no request', { resource: patient }, '.request'],
  ['a response', { ...get, response: { status: '200' } }, '.response'],
  ['a search', { ...get, search: { mode: 'match' } }, '.search'],
  ['a method that is none', request('TRACE', 'Patient/1'), '.request.method'],
  ['a method in small letters', request('get', 'Patient/1'), '.request.method'],
  ['no url', { request: { method: 'GET' } }, '.request.url'],
  ['a url of another server', request('GET', 'http://elsewhere/fhir/Patient/1'), '.request.url'],
  ['a url that only begins as this server', request('GET', `${base}x/Patient/1`), '.request.url'],
  ['a url that leaves its base', request('GET', '../admin'), '.request.url'],
  ['a url with white space', request('GET', 'Patient?name=a b'), '.request.url'],
  ['a type that R4 does not have', write('POST', 'Patients'), '.request.url', 'unknown-type'],
  ['a type of other letters', request('DELETE', 'patient/1'), '.request.url', 'unknown-type'],
  ['creation at an id', write('POST', 'Patient/1'), '.request.url'],
  ['creation by criteria', write('POST', 'Patient?name=a'), '.request.url'],
  ['creation of nothing', request('POST', 'Patient'), '.resource'],
  ['creation of another type', write('POST', 'Observation'), '.resource'],
  ['update of a whole type', write('PUT', 'Patient'), '.request.url'],
  ['update without criteria', write('PUT', 'Patient?'), '.request.url'],
  ['update of a version', write('PUT', 'Patient/1/_history/2'), '.request.url'],
  ['update of what is no id', write('PUT', 'Patient/1_2'), '.request.url'],
  ['update of one by criteria', write('PUT', 'Patient/1?name=a'), '.request.url'],
  ['update with another id', write('PUT', 'Patient/2'), '.resource.id'],
  ['update without an id', write('PUT', 'Patient/1', { resourceType: 'Patient' }), '.resource.id'],
  ['update to another type', write('PUT', 'Observation/1'), '.resource'],
  ['update with a list', write('PUT', 'Patient/1', [patient]), '.resource'],
  ['deletion of a whole type', request('DELETE', 'Patient'), '.request.url'],
  ['a patch of nothing', request('PATCH', 'Patient/1'), '.resource'],
  ['a fullUrl that is relative', { ...get, fullUrl: 'Patient/1' }, '.fullUrl'],
  ['a fullUrl of a version', { ...get, fullUrl: 'http://a/Patient/1/_history/1' }, '.fullUrl'],
  ['a fullUrl twice', { ...get, fullUrl: 'urn:uuid:1' }, '.fullUrl'],
  ['a condition that is no text', request('DELETE', 'Patient/1', { ifMatch: 1 }), '.request.ifMatch'],
  ['an empty condition', request('DELETE', 'Patient/1', { ifNoneExist: '' }), '.request.ifNoneExist'],
];

describe('an entry that cannot be carried out', () => {
  const others = [{ ...get, fullUrl: 'urn:uuid:1' }, get];
  test.each(faulty)('%s', (_, entry, where, code = 'invalid-body') => {
    const expression = `Bundle.entry[2]${where}`;
    expect(faultOf(() => readRequestBundle(bundle(...others, entry), base))).toEqual([code, expression]);
    const batch = readRequestBundle({ ...bundle(...others, entry, get), type: 'batch' }, base);
    expect(batch.entries).toEqual([
      expect.objectContaining({ kind: 'read' }),
      expect.objectContaining({ kind: 'read' }),
      { index: 2, fault: expect.objectContaining({ code, place: { expression } }) },
      expect.objectContaining({ kind: 'read', index: 3 }),
    ]);
  });
});

describe('an entry that can', () => {
  const only = (entry: unknown) => readRequestBundle(bundle(entry), base).entries[0];
  test.each<[string, unknown, object]>([
    ['create', write('POST', 'Patient'), { kind: 'create', target: { type: 'Patient', id: '', query: '' } }],
    ['update', write('PUT', '/Patient/1'), { kind: 'update', target: { type: 'Patient', id: '1', query: '' } }],
    ['an absolute url', write('PUT', `${base}/Patient/1`), { target: { type: 'Patient', id: '1', query: '' } }],
    [
      'update by criteria, without an id',
      write('PUT', 'Patient?identifier=a%7Cb', { resourceType: 'Patient' }),
      { kind: 'update', target: { type: 'Patient', id: '', query: 'identifier=a%7Cb' } },
    ],
    ['delete', write('DELETE', 'Patient/1'), { kind: 'delete', target: { type: 'Patient', id: '1', query: '' } }],
    [
      'delete by criteria',
      request('DELETE', 'Patient?name=a'),
      { target: { type: 'Patient', id: '', query: 'name=a' } },
    ],
    ['patch', write('PATCH', 'Patient/1', { resourceType: 'Parameters' }), { kind: 'patch' }],
    ['read', request('GET', 'Patient/1'), { kind: 'read', url: { path: 'Patient/1', query: '' } }],
    ['search', request('GET', 'Patient?name=a&_count=1'), { url: { path: 'Patient', query: 'name=a&_count=1' } }],
    [
      'the base',
      request('HEAD', `${base}?_type=Patient`),
      { method: 'HEAD', url: { path: '', query: '_type=Patient' } },
    ],
    ['an operation', request('POST', 'Patient/1/$everything'), { kind: 'operation', resource: undefined }],
    ['rule 83: the conditions', write('PUT', 'Patient/1'), { conditions: {} }],
    [
      'rule 83: the conditions of an update',
      { ...write('PUT', 'Patient/1'), ...request('PUT', 'Patient/1', { ifMatch: 'W/"1"', ifNoneMatch: '*' }) },
      { conditions: { ifMatch: 'W/"1"', ifNoneMatch: '*' } },
    ],
    [
      'rule 83: the condition of a create, with its mark or without',
      { ...request('POST', 'Patient', { ifNoneExist: 'Patient?identifier=a?b' }), resource: patient },
      { conditions: { ifNoneExist: 'identifier=a?b' } },
    ],
    [
      'rule 83: the condition of a read',
      request('GET', 'Patient/1', { ifModifiedSince: '2020-01-01T00:00:00Z' }),
      { conditions: { ifModifiedSince: '2020-01-01T00:00:00Z' } },
    ],
  ])('%s', (_, entry, expected) => {
    expect(only(entry)).toMatchObject({ index: 0, at: 'Bundle.entry[0]', ...expected });
  });

  test('a DELETE or GET takes no resource with it', () => {
    expect(only(write('DELETE', 'Patient/1'))).not.toHaveProperty('resource');
  });
});
