import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { Decimal } from '#src/fhir/decimal.js';
import { searchParameters } from '#src/fhir/search-parameters.js';
import { type MatchCase, matchesSearch, type Resource, readCases } from '../../support/search-cases.js';

const files = ['search-dates', 'search-numbers', 'search-tokens', 'search-strings', 'search-references'];
const all = files
  .flatMap((file) => readCases<MatchCase[]>(file))
  .flatMap(({ resource, cases }) => Object.keys(cases).map((search) => ({ resource, search })));
/** One condition of one value. */
const single = all.filter(
  ({ search }) => !search.includes('&') && !search.includes(':missing') && !/[^\\],/.test(search),
);

const name = (search: string) => search.slice(0, search.indexOf('='));
const value = (search: string) => search.slice(search.indexOf('=') + 1);

const isToken = (type: string, search: string) => searchParameters(type).get(name(search))?.type === 'token';

describe('laws of a condition', () => {
  test('missing and present divide all resources', () => {
    for (const { resource, search } of single) {
      const code = name(search).split(':')[0];
      expect(matchesSearch(resource, `${code}:missing=true`)).toBe(!matchesSearch(resource, `${code}:missing=false`));
    }
  });

  test('rule 22: :not is the complement', () => {
    const tokens = readCases<MatchCase[]>('search-tokens').flatMap(({ resource, cases }) =>
      Object.keys(cases).map((search) => ({ resource, search })),
    );
    for (const { resource, search } of tokens.filter(
      (each) =>
        !name(each.search).includes(':') &&
        !each.search.includes('&') &&
        isToken(each.resource.resourceType, each.search),
    )) {
      expect([search, matchesSearch(resource, `${name(search)}:not=${value(search)}`)]).toEqual([
        search,
        !matchesSearch(resource, search),
      ]);
    }
  });

  test('rule 36: comma is union, repeating is intersection', () => {
    fc.assert(
      fc.property(fc.constantFrom(...single), fc.constantFrom(...single), ({ resource, search }, other) => {
        fc.pre(name(other.search) === name(search));
        const [a, b] = [matchesSearch(resource, search), matchesSearch(resource, other.search)];
        if (!name(search).endsWith(':not'))
          expect(matchesSearch(resource, `${search},${value(other.search)}`)).toBe(a || b);
        expect(matchesSearch(resource, `${search}&${other.search}`)).toBe(a && b);
      }),
      { seed: 36, numRuns: 300 },
    );
  });
});

const day = fc
  .date({ min: new Date('1900-01-01'), max: new Date('2100-01-01'), noInvalidDate: true })
  .map((date) => date.toISOString());
const partial = fc.tuple(day, fc.constantFrom(4, 7, 10, 24)).map(([text, length]) => text.slice(0, length));

test('rule 4, 5, 6: what the prefixes say of each other', () => {
  fc.assert(
    fc.property(partial, partial, (target, asked) => {
      const resource: Resource = { resourceType: 'Observation', effectiveDateTime: target };
      const is = (prefix: string) => matchesSearch(resource, `date=${prefix}${asked}`);
      expect(is('ne')).toBe(!is('eq'));
      expect(is('ge')).toBe(is('gt') || is('eq'));
      expect(is('le')).toBe(is('lt') || is('eq'));
      if (is('sa')) expect(is('gt')).toBe(true);
      if (is('eb')) expect(is('lt')).toBe(true);
      expect(is('sa') && is('eb')).toBe(false);
      expect(is('eq') || is('gt') || is('lt')).toBe(true);
      if (is('eq')) expect(is('ap')).toBe(true);
      expect(is('')).toBe(is('eq'));
    }),
    { seed: 4, numRuns: 500 },
  );
});

test('rule 9: numbers are compared as they are written', () => {
  const number = fc
    .tuple(fc.integer({ min: -2000, max: 2000 }), fc.integer({ min: 0, max: 3 }))
    .map(([n, scale]) => (n / 10 ** scale).toFixed(scale));
  fc.assert(
    fc.property(number, number, (target, asked) => {
      const resource: Resource = { resourceType: 'ChargeItem', factorOverride: new Decimal(target) };
      const is = (prefix: string) => matchesSearch(resource, `factor-override=${prefix}${asked}`);
      expect(is('ne')).toBe(!is('eq'));
      expect(is('gt')).toBe(Number(target) > Number(asked));
      expect(is('le')).toBe(!is('gt'));
      expect(is('ge')).toBe(!is('lt'));
      if (Number(target) === Number(asked)) expect(is('eq') && is('ap')).toBe(true);
    }),
    { seed: 9, numRuns: 500 },
  );
});
