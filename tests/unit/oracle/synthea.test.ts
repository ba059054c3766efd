import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { describe, expect, test } from '@jest/globals';
import type { Bundle, Resource } from '@medplum/fhirtypes';
import { type Case, caseGenerator, type Supported } from '../../oracle/case-generator.js';
import { parameterCodes, parameterOf } from '../../oracle/definitions.js';
import { compareSortKeys, search, sortKeys } from '../../oracle/oracle.js';
import { context } from './answers.js';

const folder = new URL('../../../../shared/data/synthea-10/fhir/', import.meta.url);
const described = existsSync(folder) ? describe : describe.skip;
if (!existsSync(folder)) console.warn(`not run, no data at ${folder.pathname}`);

const types = (
  'Patient Practitioner PractitionerRole Organization Location Encounter Condition AllergyIntolerance Observation ' +
  'DiagnosticReport CarePlan Procedure ImagingStudy'
).split(' ');

function readPool(): Resource[] {
  const bundles = readdirSync(folder).map((file) => JSON.parse(readFileSync(new URL(file, folder), 'utf8')) as Bundle);
  const resources = bundles.flatMap((bundle) => bundle.entry!.map((entry) => entry.resource!));
  return types.flatMap((type) => resources.filter(({ resourceType }) => resourceType === type).slice(0, 60));
}

described('Synthea bundles', () => {
  const pool = existsSync(folder) ? readPool() : [];
  const supported: Supported = Object.fromEntries(
    types.map((type) => [
      type,
      Object.fromEntries(parameterCodes(type).map((code) => [code, { type: parameterOf(type, code).type! }])),
    ]),
  );

  test.each(types)('%s: every parameter splits the resources into missing and not missing, and sorts', (type) => {
    const all = search(pool, `${type}?`, context).total;
    expect(all).toBeGreaterThan(0);
    for (const code of parameterCodes(type)) {
      const found = search(pool, `${type}?${code}:missing=false&_sort=-${code}`, context);
      const missing = search(pool, `${type}?${code}:missing=true`, context);
      expect([code, found.total + missing.total]).toEqual([code, all]);
    }
  });

  const next = caseGenerator(pool, supported, 1, context);
  const cases: Case[] = Array.from({ length: 12_000 }, next);

  test('random cases: no refusal, at least 60 % with an answer, sorted as asked', () => {
    const byId = new Map(pool.map((resource) => [`${resource.resourceType}/${resource.id}`, resource]));
    let answered = 0;
    for (const { query, type } of cases) {
      const { ids } = search(pool, query, context);
      if (ids.length > 0) answered++;
      const sort = new URLSearchParams(query.split('?')[1]).get('_sort') ?? '';
      const keys = ids.map((id) => sortKeys(byId.get(`${type}/${id}`)!, sort));
      for (let i = 1; i < keys.length && sort !== ''; i++) {
        expect(compareSortKeys(keys[i - 1]!, keys[i]!, sort)).toBeLessThanOrEqual(0);
      }
    }
    expect(answered / cases.length).toBeGreaterThan(0.6);
  });

  test('everything occurs', () => {
    const seen = new Set(cases.flatMap(({ tags }) => tags));
    const prefixes = 'none eq ne gt lt ge le sa eb ap'.split(' ');
    const expected = [
      ...'string token date number quantity reference uri'.split(' ').map((type) => `type:${type}`),
      ...'none exact contains missing not text identifier'.split(' ').map((modifier) => `modifier:${modifier}`),
      ...prefixes.flatMap((prefix) => [`prefix:date-${prefix}`, `prefix:quantity-${prefix}`]),
      ...'year month day minute second millisecond'.split(' ').map((precision) => `precision:${precision}`),
      ...'code system|code |code system| wrong|code'.split(' ').map((form) => `form:token-${form}`),
      ...'percent underscore backslash quote double-quote comma pipe dollar'.split(' ').map((name) => `char:${name}`),
      ...'sort:1 sort:2 sort:3 sort:asc sort:desc count or and repeat missing:true missing:false'.split(' '),
    ].filter((tag) => !/:number|:identifier/.test(tag));
    expect(expected.filter((tag) => !seen.has(tag))).toEqual([]);
  });

  test('the same seed, the same cases', () => {
    const again = caseGenerator(pool, supported, 1, context);
    expect(Array.from({ length: 50 }, again)).toEqual(cases.slice(0, 50));
  });
});
