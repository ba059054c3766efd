import { readFileSync } from 'node:fs';
import { describe, expect, test } from '@jest/globals';
import type { Fault } from '#src/errors/fault.js';
import { searchParameters } from '#src/fhir/search-parameters.js';
import { matcher } from '#src/query/matches.js';
import { parse } from '#src/search/parse.js';
import type { SearchContext } from '#src/search/search-context.js';

export type Resource = Record<string, unknown> & { readonly resourceType: string };

export interface MatchCase {
  readonly name: string;
  readonly resource: Resource;
  /** Search text -> does it match the resource? */
  readonly cases: Readonly<Record<string, boolean>>;
}

export interface FaultCase {
  readonly name: string;
  readonly type: string;
  readonly handling?: SearchContext['handling'];
  readonly fault: string;
  readonly expression?: string;
  readonly searches: readonly string[];
}

export const context: SearchContext = {
  baseUrl: 'http://h/fhir',
  now: new Date('2023-01-01T00:00:00Z'),
  maxCount: 100,
  defaultCount: 20,
  handling: 'none',
  supported: searchParameters,
};

/** Cases are data: `tests/cases/<name>.json`. */
export function readCases<T>(name: string): T {
  return JSON.parse(readFileSync(new URL(`../cases/${name}.json`, import.meta.url), 'utf8')) as T;
}

/** The name-value pairs of a search text, as a URL's query is decoded: `+` is a space. */
export function pairs(search: string): (readonly [string, string])[] {
  return [...new URLSearchParams(search)];
}

export function matchesSearch(resource: Resource, search: string): boolean {
  const { query } = parse(resource.resourceType, pairs(search), context);
  return query.conditions.every((condition) => matcher(condition, resource.resourceType, context)(resource));
}

export function runMatchCases(file: string): void {
  describe.each(readCases<MatchCase[]>(file))('$name', ({ resource, cases }) => {
    test.each(Object.entries(cases))('%s -> %s', (search, expected) => {
      expect(matchesSearch(resource, search)).toBe(expected);
    });
  });
}

/** What `run` throws. */
export function faultOf(run: () => unknown): Fault | undefined {
  try {
    run();
    return undefined;
  } catch (fault) {
    return fault as Fault;
  }
}
