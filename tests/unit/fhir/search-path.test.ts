import { readFileSync } from 'node:fs';
import { describe, expect, test } from '@jest/globals';
import fhirpath from 'fhirpath';
import r4Model from 'fhirpath/fhir-context/r4/index.js';
import { r4 } from '#src/fhir/package-root.js';
import { parseAlternatives } from '#src/fhir/path-expression.js';
import { type SearchParameter, searchParameterByUrl, searchParameters } from '#src/fhir/search-parameters.js';
import { componentPaths, searchPaths } from '#src/fhir/search-path.js';
import { valuesAt } from '#src/fhir/values-at.js';
import { type Resource, readCases } from '../../support/search-cases.js';

const all = JSON.parse(readFileSync(new URL('search-parameters.json', r4), 'utf8')) as SearchParameter[];
const typesOf = ({ base }: SearchParameter) =>
  base.map((type) => (type === 'Resource' || type === 'DomainResource' ? 'Patient' : type));
const named = (parameters: readonly SearchParameter[]) => parameters.map(({ url }) => url.split('/').pop()).sort();

test('the five productions read all but seven of the 1378 parameters', () => {
  const outside = all.filter(
    ({ expression, base }) =>
      !(expression && parseAlternatives(expression)?.some(([head]) => head !== undefined && base.includes(head.name))),
  );
  expect(all).toHaveLength(1378);
  expect(named(outside)).toEqual([
    'Bundle-composition',
    'Bundle-message',
    'DomainResource-text',
    'InsurancePlan-name',
    'Patient-deceased',
    'Resource-content',
    'Resource-query',
  ]);
});

test('two of those are given by hand; five have no path', () => {
  const without = all.filter((parameter) => typesOf(parameter).some((type) => !searchPaths(parameter, type)));
  expect(named(without)).toEqual([
    'Bundle-composition',
    'Bundle-message',
    'DomainResource-text',
    'Resource-content',
    'Resource-query',
  ]);
});

test('every component of every composite has a path', () => {
  const composites = all.filter(({ type }) => type === 'composite');
  expect(composites.length).toBeGreaterThan(40);
  for (const parameter of composites) {
    for (const type of typesOf(parameter)) {
      for (const at of searchPaths(parameter, type)!) {
        for (const { expression, definition } of parameter.component!) {
          expect(componentPaths(expression, at, type)?.paths.length).toBeGreaterThan(0);
          expect(searchParameterByUrl(definition)).toBeDefined();
        }
      }
    }
  }
});

test('a path decides the choice, the filter and the value set', () => {
  const path = (type: string, code: string) => searchPaths(searchParameters(type).get(code)!, type);
  expect(path('Patient', 'phone')).toEqual([
    {
      steps: [{ name: 'telecom', array: true, where: { name: 'system', equals: 'phone' } }],
      type: 'ContactPoint',
      children: 'ContactPoint',
    },
  ]);
  expect(
    path('Observation', 'component-value-quantity')?.map(({ steps }) => steps.map(({ name }) => name).join('.')),
  ).toEqual(['component.valueQuantity', 'component.valueSampledData']);
  expect(path('Patient', 'gender')?.[0]?.valueSet).toBe('http://hl7.org/fhir/ValueSet/administrative-gender');
  expect(path('Encounter', 'patient')?.[0]?.target).toBe('Patient');
  expect(path('AllergyIntolerance', 'patient')?.[0]?.target).toBeUndefined();
  expect(path('Patient', 'deceased')?.[0]).toMatchObject({
    type: 'boolean',
    anyOf: [{ type: 'boolean' }, { type: 'dateTime' }],
  });
});

test.each([
  'Patient.name[0]',
  'a.first()',
  'Patient.deceased.exists() and x',
  '',
  'Patient.',
  '.name',
  'where(a=1)',
  'Patient.where(a=b)',
  "x.where(a='b'",
])('outside the productions: %s', (expression) => {
  expect(parseAlternatives(expression)).toBeUndefined();
});

describe("the values are those of HL7's expressions in a FHIRPath engine", () => {
  const resources = [
    ...new Map(
      ['search-dates', 'search-tokens', 'search-strings', 'search-numbers', 'search-references', 'search-composites']
        .flatMap((file) => readCases<{ resource: Resource }[]>(file))
        .map(({ resource }) => [JSON.stringify(resource), resource]),
    ).values(),
  ].filter(({ name }) => !Array.isArray(name) || !JSON.stringify(name).includes('null'));

  test.each(resources)('$resourceType %#', (resource) => {
    const type = resource.resourceType;
    for (const parameter of searchParameters(type).values()) {
      const { expression } = parameter;
      // Resolving needs a server; a name alone in an expression is not an expression of the resource.
      if (!expression || expression.includes('resolve()') || parameter.code === 'deceased' || type === 'InsurancePlan')
        continue;
      const own = expression
        .split('|')
        .map((each) => each.trim())
        .filter((each) => new RegExp(`^\\(?(${type}|Resource)\\b`).test(each));
      const expected = fhirpath.evaluate(resource, own.map(asFunction).join(' | '), undefined, r4Model) as unknown[];
      const found = searchPaths(parameter, type)!.flatMap((path) => valuesAt(resource, path));
      expect([parameter.code, distinct(found)]).toEqual([parameter.code, distinct(expected)]);
    }
  });
});

/** The operator `as` takes one item, which R4's expressions ignore (`Observation.component.value as Quantity`); `ofType` takes all. */
function asFunction(expression: string): string {
  return expression.replace(/^\((.*) as (\w+)\)/, '$1.ofType($2)').replace(/\.as\((\w+)\)/g, '.ofType($1)');
}

function distinct(values: readonly unknown[]): readonly string[] {
  return [...new Set(values.map((value) => JSON.stringify(value)))].sort();
}
