import { expect, test } from '@jest/globals';
import type { Resource as FhirResource } from '@medplum/fhirtypes';
import { searchParameters } from '#src/fhir/search-parameters.js';
import { referredIds, resolved } from '#src/query/chain.js';
import { matcher } from '#src/query/matches.js';
import type { Chain } from '#src/query/query.js';
import { compareKeys, sortKey } from '#src/query/sort-key.js';
import { parse } from '#src/search/parse.js';
import { caseGenerator, type Supported } from '../../oracle/case-generator.js';
import { parameterCodes } from '../../oracle/definitions.js';
import { compareSortKeys, search, sortKeys } from '../../oracle/oracle.js';
import { context, type MatchCase, pairs, type Resource, readCases } from '../../support/search-cases.js';

const files = ['search-dates', 'search-numbers', 'search-tokens', 'search-strings', 'search-references'];
const pool = files
  .flatMap((file) => readCases<MatchCase[]>(file))
  .map(({ resource }, i): Resource => ({ ...resource, id: `t.${i}` }))
  // A Period without start has no start to sort by here; the oracle puts it before all.
  .filter(({ period }) => (period as { start?: string } | undefined)?.start !== undefined || period === undefined)
  // A comparator makes a value a range here, which the oracle leaves aside; it takes no null in an array, looks for `#id`, and does
  // not ask Reference.type about a URN; HL7's `name | alias` of InsurancePlan starts at no type.
  .filter((resource) => !/"comparator"|null|"contained"|urn:uuid|InsurancePlan/.test(JSON.stringify(resource)));
const types = [...new Set(pool.map(({ resourceType }) => resourceType))];
const supported: Supported = Object.fromEntries(
  types.map((type) => {
    const codes = parameterCodes(type).filter((code) => searchParameters(type).get(code)?.type !== 'special');
    return [type, Object.fromEntries(codes.map((code) => [code, { type: searchParameters(type).get(code)!.type }]))];
  }),
);

/** The ids that a chain comes down to in the pool. */
function atEnd(chain: Chain, searched: string): readonly string[] {
  const matchers = chain.conditions.map((condition) => matcher(condition, chain.type, context));
  const others = pool.filter(
    (resource) => resource.resourceType === chain.type && matchers.every((matches) => matches(resource)),
  );
  return others.flatMap((other) =>
    chain.direction === 'to' ? [other.id as string] : referredIds(chain, searched, other, context),
  );
}

test('random searches find what the oracle finds, in its order', () => {
  const oracle = { base: context.baseUrl, now: context.now };
  const next = caseGenerator(pool as unknown as FhirResource[], supported, 2024, oracle);
  let found = 0;
  for (let i = 0; i < 3000; i++) {
    const { query: text, type } = next();
    const asked = text.slice(text.indexOf('?') + 1);
    const expected = search(pool as unknown as FhirResource[], text, oracle).ids;
    const { query } = parse(type, pairs(asked), context);
    const chains = query.chains.map((chain) => resolved(chain, atEnd(chain, type)));
    const matchers = [...query.conditions, ...chains].map((condition) => matcher(condition, type, context));
    const ids = pool
      .filter((resource) => resource.resourceType === type && matchers.every((matches) => matches(resource)))
      .map(({ id }) => id);
    expect([text, [...ids].sort()]).toEqual([text, [...expected].sort()]);
    found += ids.length > 0 ? 1 : 0;
    const sort = pairs(asked).find(([name]) => name === '_sort')?.[1];
    if (sort === undefined || ids.length < 2) continue;
    const keys = query.sort.map((key) => ({ read: sortKey(key, type), compare: compareKeys(key) }));
    const inOrder = pool
      .filter(({ id }) => ids.includes(id))
      .map((resource) => ({ resource, values: keys.map(({ read }) => read(resource)) }))
      .sort((a, b) => keys.reduce((order, { compare }, k) => order || compare(a.values[k]!, b.values[k]!), 0))
      .map(({ resource }) => sortKeys(resource as unknown as FhirResource, sort));
    for (let k = 1; k < inOrder.length; k++)
      expect([text, compareSortKeys(inOrder[k - 1]!, inOrder[k]!, sort) <= 0]).toEqual([text, true]);
  }
  expect(found).toBeGreaterThan(1500);
});
