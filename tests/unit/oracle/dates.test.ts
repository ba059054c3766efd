import { describe, expect, test } from '@jest/globals';
import { instants } from '../../oracle/instants.js';
import { Refused } from '../../oracle/oracle.js';
import { answer } from './answers.js';

const people = (births: Record<string, string | undefined>) =>
  Object.entries(births).map(([id, birthDate]) => ({ resourceType: 'Patient', id, ...(birthDate && { birthDate }) }));

describe('the instants a text covers', () => {
  const cases: [string, string, string][] = [
    ['2013', '2013-01-01T00:00:00.000Z', '2014-01-01T00:00:00.000Z'],
    ['2012-02', '2012-02-01T00:00:00.000Z', '2012-03-01T00:00:00.000Z'],
    ['2013-12', '2013-12-01T00:00:00.000Z', '2014-01-01T00:00:00.000Z'],
    ['2012-02-29', '2012-02-29T00:00:00.000Z', '2012-03-01T00:00:00.000Z'],
    ['0050-01-01', '0050-01-01T00:00:00.000Z', '0050-01-02T00:00:00.000Z'],
    ['2013-01-14T10:00', '2013-01-14T10:00:00.000Z', '2013-01-14T10:01:00.000Z'],
    ['2013-01-14T10:00:59Z', '2013-01-14T10:00:59.000Z', '2013-01-14T10:01:00.000Z'],
    ['2013-01-14T00:30:00+02:00', '2013-01-13T22:30:00.000Z', '2013-01-13T22:30:01.000Z'],
    ['2013-01-14T23:30:00-05:30', '2013-01-15T05:00:00.000Z', '2013-01-15T05:00:01.000Z'],
    ['2013-01-14T10:00:00.1259Z', '2013-01-14T10:00:00.125Z', '2013-01-14T10:00:00.126Z'],
  ];
  test.each(cases)('%s', (text, low, high) => {
    expect(instants(text)).toEqual({ low: Date.parse(low), high: Date.parse(high) });
  });
  test.each([
    '1990-02-31',
    '1900-02-29',
    '0000-01-01',
    '1990-13',
    '1990-1-1',
    '23 May 2009',
    '2013-01-14T24:00',
    '2013-01-14T10',
  ])('no instants: %s', (text) => expect(instants(text)).toBeUndefined());
});

describe('prefixes over dates of several precisions', () => {
  const births = people({
    y: '2013',
    m: '2013-01',
    d: '2013-01-14',
    next: '2013-01-15',
    old: '2012-12-31',
    none: undefined,
  });
  const cases: [string, string][] = [
    ['2013-01-14', 'd'],
    ['eq2013-01', 'd m next'],
    ['2013', 'd m next y'],
    ['ne2013-01-14', 'm next old y'],
    ['ne2013', 'old'],
    ['gt2013-01-14', 'm next y'],
    ['lt2013-01-14', 'm old y'],
    ['ge2013-01-14', 'd m next y'],
    ['le2013-01-14', 'd m old y'],
    ['gt2013-01-14T10:00', 'd m next y'],
    ['lt2013-01-14T10:00', 'd m old y'],
    ['eq2013-01-14T10:00', ''],
    ['sa2013-01-14', 'next'],
    ['eb2013-01-14', 'old'],
    ['sa2012', 'd m next y'],
    ['eb2013', 'old'],
    ['sa2013', ''],
    ['ge2013-01-14,eb2013', 'd m next old y'],
    ['2013-01-14,2013-01-15', 'd next'],
  ];
  test.each(cases)('birthdate=%s', (value, ids) => expect(answer(births, `Patient?birthdate=${value}`)).toBe(ids));
  test('repeats are anded', () => {
    expect(answer(births, 'Patient?birthdate=ge2013-01-14&birthdate=le2013-01-14')).toBe('d m y');
  });
});

describe('approximately, with now 2024-01-01', () => {
  // |2024-01-01 - 2014-01-01| = 3652 days: a tenth is 365.2 days, so [2012-12-31T19:12, 2015-01-02T04:48) around the day 2014-01-01.
  const births = people({ a: '2012-12-30', b: '2012-12-31', c: '2013', d: '2015-01-02', e: '2015-01-03' });
  test('a day', () => expect(answer(births, 'Patient?birthdate=ap2014-01-01')).toBe('b c d'));
  test('today is widened by nothing', () => {
    expect(
      answer(people({ a: '2023-12-31', b: '2024-01-01', c: '2024-01-02' }), 'Patient?birthdate=ap2024-01-01'),
    ).toBe('b');
  });
  test('the future widens too', () => {
    // 2024-01-01 to 2024-04-10 is 100 days, a tenth is 10 days.
    const later = people({ a: '2024-03-30', b: '2024-03-31', c: '2024-04-20', d: '2024-04-21' });
    expect(answer(later, 'Patient?birthdate=ap2024-04-10')).toBe('b c');
  });
});

describe('periods, instants, timings', () => {
  const stays = [
    { resourceType: 'Encounter', id: 'open', period: { start: '2013-01-21' } },
    { resourceType: 'Encounter', id: 'ended', period: { end: '2013-01-21' } },
    { resourceType: 'Encounter', id: 'both', period: { start: '2013-03-01T08:00:00Z', end: '2013-03-14' } },
    { resourceType: 'Encounter', id: 'bare', period: { extension: [{ url: 'urn:x', valueBoolean: true }] } },
  ];
  const cases: [string, string][] = [
    // Neither above that day nor within it: R4's ge leaves out a period that ends on the day.
    ['date=ge2013-03-14', 'open'],
    ['date=gt2013-03-14', 'open'],
    ['date=le2013-03-14', 'both ended open'],
    ['date=2013-03', 'both'],
    ['date=2013', 'both'],
    ['date=ne2013-03', 'ended open'],
    ['date=sa2013-02', 'both'],
    ['date=eb2013-02', 'ended'],
    ['date=sa2013-01-20', 'both open'],
    ['date=lt2013', 'ended'],
    ['date:missing=true', 'bare'],
    ['_sort=date', 'open both bare ended'],
    ['_sort=-date', 'both open bare ended'],
  ];
  test.each(cases)('Encounter?%s', (query, ids) => expect(answer(stays, `Encounter?${query}`)).toBe(ids));

  const stamped = ['2020-01-01T00:00:00Z', '2020-01-01T00:00:01Z'].map((lastUpdated, i) => ({
    resourceType: 'Patient',
    id: `p${i}`,
    meta: { lastUpdated },
  }));
  test.each([
    ['2020-01-01T00:00:00Z', 'p0'],
    ['2020-01-01T01:00:00%2B01:00', 'p0'],
    ['2020-01-01T01:00:00+01:00', 'p0'],
    ['gt2020-01-01T00:00:00Z', 'p1'],
    ['sa2020-01-01T00:00:00Z', 'p1'],
    ['gt2020-01-01T00:00:00.500Z', 'p1'],
    ['gt2020-01-01T00:00:01.000Z', ''],
    ['ge2020-01-01T00:00:01.000Z', 'p1'],
  ])('_lastUpdated=%s', (value, ids) => expect(answer(stamped, `Patient?_lastUpdated=${value}`)).toBe(ids));

  test('outer limits of a Timing', () => {
    const timing = { event: ['2020-05-01', '2020-02-01'] };
    const seen = [{ resourceType: 'Observation', id: 'o', effectiveTiming: timing }];
    expect(answer(seen, 'Observation?date=sa2020-01')).toBe('o');
    expect(answer(seen, 'Observation?date=2020-02')).toBe('');
    expect(answer(seen, 'Observation?date=2020')).toBe('o');
  });
});

test.each(['23 May 2009', '2013-13-01', 'xx2013', '2013-02-30', ''])(
  'malformed date %p is refused, an empty one left out',
  (value) => {
    const ask = () => answer(people({ a: '2013' }), `Patient?birthdate=${value}`);
    if (value === '') expect(ask()).toBe('a');
    else expect(ask).toThrow(Refused);
  },
);
