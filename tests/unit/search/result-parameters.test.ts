import { expect, test } from '@jest/globals';
import { print } from '#src/query/print.js';
import { parse } from '#src/search/parse.js';
import { context, pairs } from '../../support/search-cases.js';

const query = (type: string, search: string) => parse(type, pairs(search), context).query;

test('defaults', () => {
  expect(query('Patient', '')).toEqual({
    type: 'Patient',
    conditions: [],
    chains: [],
    sort: [],
    count: 20,
    total: 'none',
    summary: 'false',
    elements: [],
    include: [],
    revinclude: [],
  });
});

test('rule 44: _count is cut to the largest, and 0 asks for the count alone', () => {
  expect(query('Patient', '_count=7').count).toBe(7);
  expect(query('Patient', '_count=1000').count).toBe(100);
  expect(query('Patient', '_count=0')).toMatchObject({ count: 0, summary: 'count' });
});

test('rule 46: _sort has several keys with a direction each', () => {
  expect(
    query('Patient', '_sort=-birthdate,family,-family').sort.map(({ parameter, direction }) => [
      parameter.code,
      direction,
    ]),
  ).toEqual([
    ['birthdate', 'desc'],
    ['family', 'asc'],
  ]);
});

test('rule 43, 49, 50: _total, _summary and _elements', () => {
  expect(
    query('Observation', '_total=accurate&_summary=data&_elements=status,value,component&_elements=status'),
  ).toMatchObject({
    total: 'accurate',
    summary: 'data',
    elements: ['status', 'value', 'component'],
  });
});

test('rule 47: _include', () => {
  const { include } = query(
    'Encounter',
    '_include=Encounter:subject&_include=Encounter:subject:Patient&_include=*&_include=Encounter:*&_include=*',
  );
  expect(include.map(({ source, parameter, target, asked }) => [source, parameter?.code, target, asked])).toEqual([
    ['Encounter', 'subject', undefined, 'Encounter:subject'],
    ['Encounter', 'subject', 'Patient', 'Encounter:subject:Patient'],
    ['Encounter', undefined, undefined, '*'],
    ['Encounter', undefined, undefined, 'Encounter:*'],
  ]);
});

test('rule 48: _revinclude points at the searched type', () => {
  const { revinclude } = query(
    'Patient',
    '_revinclude=Encounter:subject&_revinclude=Observation:patient:Patient&_revinclude=Observation:*',
  );
  expect(revinclude.map(({ source, parameter, target }) => [source, parameter?.code, target])).toEqual([
    ['Encounter', 'subject', 'Patient'],
    ['Observation', 'patient', 'Patient'],
    ['Observation', undefined, 'Patient'],
  ]);
});

test('rule 40: the printed query is what was applied, and reads as the same query', () => {
  const search =
    'family:exact=M%C3%BCller%26Co&birthdate=ge2024-05-01T10:00:00%2B02:00&identifier=urn:a|1\\,2&_sort=-birthdate,family&_count=500' +
    '&_total=accurate&_summary=data&_elements=name&_include=Patient:organization&_revinclude=Encounter:subject&name=&_format=json&_cursor=abc';
  const read = query('Patient', search);
  const printed = print(read);
  expect(printed).toBe(
    'family:exact=M%C3%BCller%26Co&birthdate=ge2024-05-01T10:00:00%2B02:00&identifier=urn:a%7C1%5C,2&_sort=-birthdate,family' +
      '&_summary=data&_count=100&_total=accurate&_elements=name&_include=Patient:organization&_revinclude=Encounter:subject',
  );
  const { cursor, ...rest } = read;
  expect(cursor).toBe('abc');
  expect(query('Patient', printed)).toEqual(rest);
  expect(print(query('Patient', '_count=0'))).toBe('_summary=count');
});
