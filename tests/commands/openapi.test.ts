import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, test } from '@jest/globals';
import { Ajv2020 } from 'ajv/dist/2020.js';
import { searchParameters } from '#src/fhir/search-parameters.js';
import { openapiDocument } from '#src/openapi/document.js';
import { kindOf, listPattern, namesPattern, referencePattern } from '#src/openapi/value-pattern.js';
import { everything as interactions } from '#src/operations/table.js';
import { modifiers } from '#src/search/modifiers.js';
import { parse } from '#src/search/parse.js';
import { runHealthsync } from '../support/run-healthsync.js';
import { root } from '../support/source-tree.js';

interface Operation {
  readonly operationId: string;
  readonly parameters: readonly { readonly $ref: string }[];
  readonly requestBody?: { readonly content: Record<string, { schema: { properties: Record<string, unknown> } }> };
  readonly responses: Record<string, unknown>;
}
interface Document {
  readonly openapi: string;
  readonly paths: Record<string, Record<string, Operation>>;
  readonly components: Record<string, Record<string, { readonly name?: string }>>;
}

const checkedIn = readFileSync(join(root, 'openapi/healthsync.json'), 'utf8');
const document = JSON.parse(checkedIn) as Document;
const named = ({ parameters }: Operation) =>
  parameters.map(({ $ref }) => document.components.parameters![$ref.split('/').pop()!]?.name);

let made: Awaited<ReturnType<typeof runHealthsync>>;
beforeAll(async () => {
  made = await runHealthsync('openapi');
});

test('openapi/healthsync.json is what `healthsync openapi > openapi/healthsync.json` writes', () => {
  expect({ code: made.code, err: made.err }).toEqual({ code: 0, err: '' });
  // Not the texts themselves: their difference would be printed line by line.
  const [now, before] = [made.out.split('\n'), checkedIn.split('\n')];
  expect(now.find((line, index) => line !== before[index])).toBeUndefined();
  expect(now).toHaveLength(before.length);
});

test('a configuration or a demo, not both', async () => {
  expect((await runHealthsync('openapi', '--config', 'a.yaml', '--demo', 'all')).code).toBe(2);
});

describe('the document', () => {
  test('has every route of every type, and an id for each', () => {
    expect(document.openapi).toBe('3.1.1');
    for (const type of ['Patient', 'Observation', 'Invoice']) {
      expect(Object.keys(document.paths[`/${type}`]!)).toEqual(['get', 'post', 'put', 'patch', 'delete']);
      expect(Object.keys(document.paths[`/${type}/_search`]!)).toEqual(['post']);
      expect(Object.keys(document.paths[`/${type}/{id}`]!)).toEqual(['get', 'put', 'patch', 'delete']);
    }
    expect(Object.keys(document.paths['/Location']!)).toEqual(['get']);
    expect(Object.keys(document.paths['/PractitionerRole']!)).toEqual(['get', 'put', 'patch']);
    const ids = Object.values(document.paths).flatMap((item) =>
      Object.values(item).map(({ operationId }) => operationId),
    );
    expect(new Set(ids).size).toBe(ids.length);
  });

  test('a search takes the same by GET and by POST, each parameter with its modifiers', () => {
    const names = named(document.paths['/Patient']!.get!);
    const form = document.paths['/Patient/_search']!.post!.requestBody!.content['application/x-www-form-urlencoded']!;
    const beside = named(document.paths['/Patient/_search']!.post!);
    expect(names).toEqual([...beside, ...Object.keys(form.schema.properties)]);
    for (const modifier of modifiers.string) expect(names).toContain(`family:${modifier}`);
    expect(names).toEqual(expect.arrayContaining(['organization:Organization', '_count', '_sort', '_include']));
    expect(names).not.toContain('family:text');
  });

  test('every reference leads to a component, and every component is referred to', () => {
    const referred = new Set([...checkedIn.matchAll(/"\$ref": ?"#\/components\/([^"]+)"/g)].map(([, at]) => at!));
    const there = Object.entries(document.components).flatMap(([kind, all]) =>
      Object.keys(all).map((name) => `${kind}/${name}`),
    );
    expect([...referred].sort()).toEqual(there.sort());
  });

  test('its schemas are those of JSON Schema 2020-12', () => {
    const ajv = new Ajv2020({ strict: false, validateFormats: false });
    ajv.addSchema(document, 'document');
    for (const name of Object.keys(document.components.schemas!))
      expect(() => ajv.compile({ $ref: `document#/components/schemas/${name}` })).not.toThrow();
  });
});

test('a Binary is read and not searched, as bytes or as FHIR JSON', () => {
  const of = (type: string) => ({
    type,
    parameters: searchParameters(type),
    sortable: new Set<string>(),
    include: [],
    revinclude: [],
    targets: new Map(),
    profiles: [],
    writes: { create: false, update: false, updateCreates: false, delete: false },
    versioned: true,
  });
  const types = new Map(['Binary', 'Patient'].map((type) => [type, of(type)]));
  const described = openapiDocument({
    baseUrl: 'http://127.0.0.1/fhir',
    version: '1',
    interactions,
    types,
    maxCount: 10,
  });
  const paths = described.paths as unknown as Document['paths'];
  expect(Object.keys(paths)).toEqual([
    '/',
    '/Binary/{id}',
    '/Patient',
    '/Patient/$validate',
    '/Patient/_search',
    '/Patient/{id}',
    '/Patient/{id}/$validate',
    '/Patient/{id}/_history/{version}',
    '/metadata',
  ]);
  const { operationId, responses } = paths['/Binary/{id}']!.get!;
  expect(operationId).toBe('readBinary');
  expect(Object.keys(responses)).toEqual(
    expect.arrayContaining(['200', '206', '304', '403', '404', '416', '503', '504']),
  );
  expect(Object.keys((responses[200] as { content: object }).content)).toEqual(['*/*', 'application/fhir+json']);
});

describe('a pattern takes what search reads, and nothing else', () => {
  const reads = (type: string, name: string, value: string) => {
    const context = {
      baseUrl: 'http://127.0.0.1/fhir',
      now: new Date('2024-05-01T12:00:00Z'),
      maxCount: 10,
      defaultCount: 10,
      handling: 'none',
      supported: searchParameters,
    } as const;
    try {
      parse(type, [[name, value]], context);
      return true;
    } catch {
      return false;
    }
  };
  const values: readonly string[] = [
    ...['', ' ', ',', 'a', 'a,b', ' a , b ', 'a\\,b', 'a\\', 'a\\b', 'a\\\\', 'a|b', '|a', 'a|', '|', ' | ', 'a|b|c'],
    ...[
      '\u00a0',
      '\u00a0|',
      '\u00a0|a',
      '|\u00a0',
      'a$b',
      'a\\$b',
      'a\\|b',
      ',,a',
      'a|b,c',
      '|,a',
      '\u2028',
      '\x1c',
      '\x1c|',
    ],
    ...[
      '2020',
      '0000',
      '0001',
      '2020-13',
      '2020-12',
      '2020-02-29',
      '2021-02-29',
      '2000-02-29',
      '1900-02-29',
      '2020-04-31',
    ],
    ...[
      'ge2020-01-01',
      'xx2020',
      'ge 2020',
      ' 2020 ',
      '2020,2021',
      '2020-01-01T10',
      '2020-01-01T10:00',
      '2020-01T10:00',
    ],
    ...['2020-01-01T24:00', '2020-01-01T10:00Z', '2020-01-01T10:00:00.123+14:00', '2020-01-01T10:00:60Z', '20200101'],
    ...['2020-01-01T10:00 05:00', '2020-01-01T10:00+14:01', '2020-01-01T10:00-13:59', '2020-01-01T10:00:00.Z', '2020Z'],
    ...[
      '1',
      '-1',
      '+1',
      '1.',
      '.1',
      '1e5',
      '1e',
      '1e1000',
      'ap1',
      'eq-1.50',
      '1|s|c',
      '1||c',
      '1||',
      '1|c',
      '1|a|b|c',
      'NaN',
    ],
    ...[
      'Patient/1',
      'Person/1',
      'Planet/1',
      'patient/1',
      'Patient/',
      '#1',
      'urn:uuid:1',
      'http://a/b',
      'http://a b',
      '1:2',
    ],
    ...[
      'Patient/1/_history/1',
      ' Patient/1 ',
      'Patient/1,2',
      'x'.repeat(64),
      'x'.repeat(65),
      'é',
      'a:é',
      'a/b',
      '2020-1-1',
    ],
  ];
  const cases = [
    ['Patient', 'family'],
    ['Patient', 'identifier'],
    ['Patient', 'active'],
    ['Patient', 'birthdate'],
    ['Observation', 'subject'],
    ['Observation', 'value-quantity'],
    ['RiskAssessment', 'probability'],
    ['ValueSet', 'url'],
  ] as const;

  test.each(cases)('%s?%s', (type, code) => {
    const pattern = new RegExp(listPattern(kindOf(searchParameters(type).get(code), type)), 'u');
    const different = values.filter((value) => pattern.test(value) !== reads(type, code, value));
    expect(different).toEqual([]);
    expect(values.filter((value) => pattern.test(value)).length).toBeGreaterThan(5);
  });

  test('Observation?subject:Patient', () => {
    const pattern = new RegExp(referencePattern(['Patient']), 'u');
    expect(values.filter((value) => pattern.test(value) !== reads('Observation', 'subject:Patient', value))).toEqual(
      [],
    );
  });

  test('names', () => {
    const sort = new RegExp(namesPattern(['name', '_id'], { signed: true }), 'u');
    expect(['name', '-name,_id', ''].map((text) => sort.test(text))).toEqual([true, true, true]);
    expect(['names', 'name,', '--name', '_id name'].some((text) => sort.test(text))).toBe(false);
  });
});
