import { expect, test } from '@jest/globals';
import { Decimal } from '#src/fhir/decimal.js';
import { searchParameters } from '#src/fhir/search-parameters.js';
import type { SortKey } from '#src/query/query.js';
import { compareKeys, dateSortValue, sortKey } from '#src/query/sort-key.js';
import { faultOf } from '../../support/search-cases.js';

const key = (type: string, code: string): SortKey => {
  const descending = code.startsWith('-');
  return {
    parameter: searchParameters(type).get(descending ? code.slice(1) : code)!,
    direction: descending ? 'desc' : 'asc',
  };
};
const of = (type: string, code: string, resource: object) =>
  sortKey(key(type, code), type)({ resourceType: type, ...resource });
const sorted = (type: string, code: string, resources: readonly object[]) => {
  const compare = compareKeys(key(type, code));
  return resources
    .map((resource) => ({ resource, value: of(type, code, resource) }))
    .sort((a, b) => compare(a.value, b.value))
    .map(({ resource }) => resource);
};

test('rule 46: strings are folded, the least ascending, the greatest descending', () => {
  const patient = { name: [{ family: 'Zöllner', given: ['Ägidius'] }, { family: 'Möller' }] };
  expect(of('Patient', 'family', patient)).toBe('moller');
  expect(of('Patient', '-family', patient)).toBe('zollner');
  expect(of('Patient', 'name', patient)).toBe('agidius');
  expect(of('Patient', 'family', {})).toBeNull();
});

test('rule 46: missing values come last in both directions', () => {
  const [a, b, none] = [{ birthDate: '1980' }, { birthDate: '1990-01' }, {}];
  expect(sorted('Patient', 'birthdate', [none, b, a])).toEqual([a, b, none]);
  expect(sorted('Patient', '-birthdate', [none, a, b])).toEqual([b, a, none]);
});

test('rule 46: dates by their start, whatever their zone', () => {
  const dates = [
    '0099-01-01',
    '1980',
    '1980-01-01T00:00:01Z',
    '2013-01-14T23:30:00-05:00',
    '2013-01-15T04:31:00Z',
    '2013-01-15T12:00:00+02:00',
  ].map((effectiveDateTime) => ({ effectiveDateTime }));
  expect(sorted('Observation', 'date', dates.toReversed())).toEqual(dates);
  expect(dateSortValue('1980')).toBe('1980-01-01T00:00:00.000Z|1980');
  expect(dateSortValue('soon')).toBeNull();
});

test('rule 46: a Period by its start, a Timing by its first event', () => {
  expect(of('Encounter', 'date', { period: { start: '2013', end: '2014' } })).toBe(dateSortValue('2013'));
  expect(of('Encounter', 'date', { period: { end: '2014' } })).toBeNull();
  const timing = { occurrenceTiming: { event: ['2014', '2013-05'], repeat: { boundsPeriod: { start: '2013-06' } } } };
  expect(of('ServiceRequest', '-occurrence', timing)).toBe(dateSortValue('2013-05'));
});

test('rule 46: numbers exactly', () => {
  const values = [
    -10,
    new Decimal('-9.50'),
    0,
    new Decimal('0.10'),
    9,
    new Decimal('12345678901234567890.1'),
    new Decimal('12345678901234567890.2'),
  ];
  const resources = values.map((value) => ({ valueQuantity: { value } }));
  expect(sorted('Observation', 'value-quantity', resources.toReversed())).toEqual(resources);
});

test('rule 46: tokens by code, references and uris by text', () => {
  expect(of('Condition', 'code', { code: { coding: [{ code: 'b' }, { code: 'a' }] } })).toBe('a');
  expect(of('Condition', '-code', { code: { coding: [{ code: 'b' }, { code: 'a' }] } })).toBe('b');
  expect(of('Condition', 'code', { code: { text: 'only' } })).toBeNull();
  expect(of('Patient', 'deceased', {})).toBe('false');
  expect(of('Condition', 'subject', { subject: { reference: 'Patient/1' } })).toBe('Patient/1');
  expect(of('Condition', '_profile', { meta: { profile: ['http://b', 'http://a'] } })).toBe('http://a');
});

test('a parameter without order is refused', () => {
  expect(faultOf(() => sortKey(key('Observation', 'code-value-quantity'), 'Observation'))?.code).toBe('invalid-value');
});
