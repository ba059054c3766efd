import { describe, expect, test } from '@jest/globals';
import { decimal } from '#src/fhir/decimal.js';
import { parseExact } from '#src/source/exact-json.js';
import { isValid, validate } from '#src/validation/validate.js';
import type { ValidationIssue } from '#src/validation/validation-issue.js';
import { mutants } from '../../support/mutants.js';
import { onePerShape, sampleResources } from '../../support/sample-resources.js';
import { cases } from './cases.js';

const brief = ({ severity, code, expression, rule }: ValidationIssue) =>
  [severity, code, expression, ...(rule ? [rule] : [])].join(' ');
const patient = (more: object) => ({ resourceType: 'Patient', ...more });
const quietly = { warnings: false } as const;

describe('what is said', () => {
  test.each(cases)('%s', (_, resource, issues) => {
    expect(validate(resource).map(brief).sort()).toEqual([...issues].sort());
  });

  test('of a resource that is fit only errors tell', () => {
    expect(isValid(validate(patient({})))).toBe(true);
    expect(validate(patient({}), quietly)).toEqual([]);
    expect(isValid(validate(patient({ gender: 'M' })))).toBe(false);
  });

  test('of another type than is wanted', () => {
    expect(validate(patient({}), { type: 'Person' }).map(brief)).toEqual(['error structure Patient']);
    expect(validate(patient({}), { type: 'Patient', ...quietly })).toEqual([]);
  });

  test('of profiles that are asked for', () => {
    const profiles = ['http://hl7.org/fhir/StructureDefinition/Patient|4.0.1', 'https://example.org/none'];
    expect(validate(patient({}), { profiles, ...quietly }).map(brief)).toEqual(['error not-supported Patient']);
    const claims = patient({ meta: { profile: ['https://example.org/none'] } });
    expect(validate(claims, { unknownProfiles: 'warning', ...quietly }).map(brief)).toEqual([
      'warning not-supported Patient.meta.profile[0]',
    ]);
  });

  test('of one that is nested without end, and of one with errors without end', () => {
    let extension: object = { url: 'x', valueString: 'x' };
    for (let depth = 0; depth < 20_000; depth++) extension = { url: 'x', extension: [extension] };
    expect(validate(patient({ extension: [extension] })).map(brief)).toEqual(['error too-long Patient']);
    const many = validate(patient({ name: Array.from({ length: 5000 }, () => ({ colour: 'blue' })) }));
    expect(many).toHaveLength(201);
    expect(many.at(-1)).toMatchObject({ code: 'too-long', severity: 'error' });
  });
});

describe('decimals that keep their text', () => {
  const exact = (text: string) => parseExact(text, (number) => decimal(number) ?? 0);
  const observation = (value: string) =>
    exact(`{"resourceType":"Observation","status":"final","code":{"text":"x"},${value}}`);

  test('are decimals, and no whole numbers', () => {
    expect(validate(observation('"valueQuantity":{"value":1.50}'), quietly)).toEqual([]);
    expect(validate(observation('"valueQuantity":{"value":0.12345678901234567890}'), quietly)).toEqual([]);
    expect(validate(observation('"valueInteger":1.0'), quietly).map(brief)).toEqual([
      'error structure Observation.value.ofType(integer)',
    ]);
    expect(validate(observation('"valueString":1.0'), quietly).map(brief)).toEqual([
      'error structure Observation.value.ofType(string)',
    ]);
  });

  test('are compared by invariants, digit by digit', () => {
    const range = (low: string, high: string) =>
      observation(`"valueRange":{"low":{"value":${low}},"high":{"value":${high}}}`);
    expect(validate(range('1.10', '1.20'), quietly)).toEqual([]);
    expect(validate(range('1.20', '1.10'), quietly).map(({ rule }) => rule)).toEqual(['rng-2']);
    expect(
      validate(range('12345678901234567890.2', '12345678901234567890.1'), quietly).map(({ rule }) => rule),
    ).toEqual(['rng-2']);
  });
});

describe('resources of others', () => {
  const shapes = onePerShape(sampleResources());
  const changed = mutants(shapes, 300, 3).map(({ resource }) => resource);

  test('are left as they are', () => {
    for (const resource of [...shapes, ...changed]) {
      const before = JSON.stringify(resource);
      validate(frozen(resource));
      expect(JSON.stringify(resource)).toBe(before);
    }
  });

  test('what they hold is in no message', () => {
    const marker = 'Xanthippe-4711';
    for (const resource of changed) {
      const marked = marking(resource, marker) as { resourceType: unknown };
      marked.resourceType = resource.resourceType;
      expect(JSON.stringify(validate(marked))).not.toContain(marker);
    }
  });

  test('whatever stands in the place of an element, an answer is given', () => {
    const odd = [
      null,
      [],
      {},
      [[]],
      [null],
      '',
      { a: 1 },
      [{ b: [] }],
      { resourceType: 'Patient', contained: {} },
      { coding: [null, 1] },
      { extension: 'x' },
      { reference: 7 },
      { url: {} },
    ];
    const inPlace = (value: unknown, at: readonly string[], other: unknown): unknown => {
      const [name, ...rest] = at;
      if (name === undefined) return other;
      const copy = (Array.isArray(value) ? [...value] : { ...(value as object) }) as Record<string, unknown>;
      copy[name] = inPlace(copy[name], rest, other);
      return copy;
    };
    for (const resource of shapes.filter((_, index) => index % 8 === 0)) {
      const places = placesIn(resource);
      for (let index = 0; index < 60; index++) {
        const at = places[Math.floor((index * places.length) / 60)]!;
        const changedOne = inPlace(resource, at, odd[index % odd.length]);
        expect(isValid(validate(changedOne))).toBe(false);
      }
    }
  });

  test('a typical one takes less than a few milliseconds', () => {
    const one = shapes.find(({ resourceType }) => resourceType === 'Patient')!;
    for (let i = 0; i < 50; i++) validate(one);
    const start = performance.now();
    for (let i = 0; i < 200; i++) validate(one);
    expect((performance.now() - start) / 200).toBeLessThan(5);
  });
});

function placesIn(value: unknown, at: readonly string[] = []): readonly (readonly string[])[] {
  if (typeof value !== 'object' || value === null) return [];
  return Object.entries(value).flatMap(([name, inner]) => [[...at, name], ...placesIn(inner, [...at, name])]);
}

function frozen<T>(value: T): T {
  if (typeof value === 'object' && value !== null) {
    Object.freeze(value);
    Object.values(value).forEach(frozen);
  }
  return value;
}

/** Every text, and what its numbers stand for, is the marker. */
function marking(value: unknown, marker: string): unknown {
  if (typeof value === 'string') return marker;
  if (typeof value !== 'object' || value === null) return value;
  if (Array.isArray(value)) return value.map((each) => marking(each, marker));
  return Object.fromEntries(Object.entries(value).map(([name, inner]) => [name, marking(inner, marker)]));
}
