import { describe, expect, test } from '@jest/globals';
import type { Resource } from '@medplum/fhirtypes';
import { compareSortKeys, search, sortKeys } from '../../oracle/oracle.js';
import { answer, context } from './answers.js';

const people = [
  {
    resourceType: 'Patient',
    id: 'b.10',
    name: [{ family: 'Zoë' }, { family: 'adams' }],
    birthDate: '1990',
    gender: 'male',
  },
  { resourceType: 'Patient', id: 'a.2', name: [{ family: 'Ádams' }], birthDate: '1990-01-01', gender: 'female' },
  { resourceType: 'Patient', id: 'a.10', name: [{ family: 'brown' }], birthDate: '1980-05' },
  { resourceType: 'Patient', id: 'a.-x', name: [{ given: ['Only'] }], gender: 'female' },
  { resourceType: 'Patient', id: 'B.1', birthDate: '2000-02-29', gender: 'unknown' },
];

describe('order', () => {
  const cases: [string, string][] = [
    ['', 'B.1 a.-x a.10 a.2 b.10'],
    ['_sort=family', 'a.2 b.10 a.10 B.1 a.-x'],
    ['_sort=-family', 'b.10 a.10 a.2 B.1 a.-x'],
    ['_sort=birthdate', 'a.10 b.10 a.2 B.1 a.-x'],
    ['_sort=-birthdate', 'B.1 a.2 b.10 a.10 a.-x'],
    ['_sort=gender,-birthdate', 'a.2 a.-x b.10 B.1 a.10'],
    ['_sort=-gender,birthdate', 'B.1 b.10 a.2 a.-x a.10'],
    ['_sort=_id', 'B.1 a.-x a.10 a.2 b.10'],
    ['_sort=-_id', 'b.10 a.2 a.10 a.-x B.1'],
    ['gender=female&_sort=-family&_count=1', 'a.2 a.-x'],
  ];
  test.each(cases)('Patient?%s', (query, ids) => expect(answer(people, `Patient?${query}`)).toBe(ids));

  test('ids tie by tag, then by key: a.z before a-b.a, though "-" is before "."', () => {
    const two = ['a-b.a', 'a.z'].map((id) => ({ resourceType: 'Patient', id }));
    expect(answer(two, 'Patient?')).toBe('a.z a-b.a');
  });
  test('keys of a resource, for a check that leaves ties alone', () => {
    const keys = people.map((person) => sortKeys(person as Resource, 'family,-birthdate'));
    expect(keys[0]).toEqual(['adams', '1990-01-01T00:00:00.000Z 1990']);
    expect(keys[3]).toEqual([undefined, undefined]);
    // One start, told more exactly by the second.
    expect(compareSortKeys(keys[0]!, keys[1]!, 'family,birthdate')).toBeLessThan(0);
    expect(compareSortKeys(keys[0]!, keys[1]!, 'family')).toBe(0);
    expect(compareSortKeys(keys[0]!, keys[2]!, 'family,-birthdate')).toBeLessThan(0);
    expect(compareSortKeys(keys[3]!, keys[2]!, '-family,birthdate')).toBeGreaterThan(0);
  });
  test('dates of several values: the earliest start ascending, the latest descending', () => {
    const goals = ['2010', '2020'].map((start, i) => ({
      resourceType: 'Observation',
      id: `o${i}`,
      effectivePeriod: { start, end: '2021' },
    }));
    expect(answer(goals, 'Observation?_sort=date')).toBe('o0 o1');
    expect(answer(goals, 'Observation?_sort=-date')).toBe('o1 o0');
  });
});

test('only the type asked for, and the total of all matches', () => {
  const mixed = [...people, { resourceType: 'Practitioner', id: 'x', name: [{ family: 'Adams' }] }] as Resource[];
  expect(search(mixed, 'Practitioner?family=adams', context)).toEqual({ ids: ['x'], total: 1 });
  expect(search(mixed, 'Patient?_count=1&_total=accurate&_summary=false', context).total).toBe(5);
});
