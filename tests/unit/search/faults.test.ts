import { describe, expect, test } from '@jest/globals';
import { parse } from '#src/search/parse.js';
import { context, type FaultCase, faultOf, pairs, readCases } from '../../support/search-cases.js';

describe.each(readCases<FaultCase[]>('search-faults'))('$name', ({ type, handling, fault, expression, searches }) => {
  test.each(searches)('%s', (search) => {
    const found = faultOf(() => parse(type, pairs(search), { ...context, handling: handling ?? 'none' }));
    expect(found?.code).toBe(fault);
    expect(found?.place.expression).toBe(expression ?? `http.${search.split('=')[0]}`);
  });
});
