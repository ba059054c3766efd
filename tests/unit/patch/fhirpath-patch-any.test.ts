import { describe, expect, test } from '@jest/globals';
import type { Resource } from '@medplum/fhirtypes';
import fc from 'fast-check';
import { type Element, element } from '#src/fhir/elements.js';
import { applyFhirPathPatch } from '#src/patch/fhirpath-patch.js';
import { type Parts, patch } from '../../support/fhirpath-operations.js';

type Json = Record<string, unknown>;

const text = fc.constantFrom('a', 'b', 'c');
const primitives = fc
  .array(fc.option(text), { minLength: 1, maxLength: 3 })
  .filter((list) => list.some((each) => each !== null));
const humanName = fc.oneof(
  fc.record({ text, use: text, given: primitives }, { requiredKeys: ['text'], noNullPrototype: true }),
  fc.record(
    { given: primitives, period: fc.record({ start: text }, { noNullPrototype: true }) },
    { requiredKeys: ['given'], noNullPrototype: true },
  ),
);
const resources = fc
  .record(
    {
      name: fc.array(humanName, { minLength: 1, maxLength: 3 }),
      birthDate: text,
      _birthDate: fc.constant({
        extension: [
          { url: 'u', valueCode: 'c' },
          { url: 'v', valueCode: 'd' },
        ],
      }),
      deceasedBoolean: fc.boolean(),
      contact: fc.array(
        fc.record({ name: humanName, gender: text }, { requiredKeys: ['name'], noNullPrototype: true }),
        { minLength: 1, maxLength: 2 },
      ),
    },
    { requiredKeys: ['name'], noNullPrototype: true },
  )
  // An item of a list of primitives without a value has an id beside it.
  .map((rest) => withIds({ resourceType: 'Patient', id: 'a', ...rest }) as Json);

function withIds(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(withIds);
  if (typeof value !== 'object' || value === null) return value;
  const members = Object.entries(value).flatMap(([name, member]): [string, unknown][] => {
    if (!Array.isArray(member) || !member.includes(null)) return [[name, withIds(member)]];
    return [
      [name, member],
      [`_${name}`, member.map((each, i) => (each === null ? { id: `i${i}` } : null))],
    ];
  });
  return Object.fromEntries(members);
}

interface Spot {
  readonly path: string;
  readonly element: Element;
  readonly item: { readonly value: unknown; readonly sibling: unknown };
  /** Of the list that it is in, when it repeats. */
  readonly list?: { readonly path: string; readonly length: number; readonly index: number };
}

/** Every element of a resource and the path that names it, found by walking the JSON. */
function spots(owner: Json, type: string, above: string): readonly Spot[] {
  return Object.keys(owner)
    .map((name) => name.replace(/^_/, ''))
    .filter((name, i, all) => all.indexOf(name) === i)
    .flatMap((name) => {
      const definition = element(type, name);
      if (!definition) return [];
      const path = `${above}.${definition.choice ?? name}`;
      const [values, siblings] = [owner[name], owner[`_${name}`]].map((each) => [each].flat() as unknown[]) as [
        unknown[],
        unknown[],
      ];
      const length = Math.max(values.length, siblings.length);
      return Array.from({ length }, (_, i): readonly Spot[] => {
        const item = { value: values[i] ?? undefined, sibling: siblings[i] ?? undefined };
        const own = definition.array ? `${path}[${i}]` : path;
        const inner = (/^[a-z]/.test(definition.type) ? item.sibling : item.value) as Json | undefined;
        return [
          { path: own, element: definition, item, ...(definition.array && { list: { path, length, index: i } }) },
          ...(typeof inner === 'object' ? spots(inner, definition.children, own) : []),
        ];
      }).flat();
    });
}

const given = ({ element: { type, name, choice }, item }: Spot): Json | undefined => {
  if (type === 'BackboneElement' || (name === 'id' && choice === undefined)) return undefined;
  if (type === 'Extension') return { valueExtension: item.value };
  const suffix = type[0]!.toUpperCase() + type.slice(1);
  return {
    ...(item.value !== undefined && { [`value${suffix}`]: item.value }),
    ...(item.sibling !== undefined && { [`_value${suffix}`]: item.sibling }),
  };
};

const apply = (resource: Json, ...operations: readonly Parts[]) =>
  applyFhirPathPatch(resource as unknown as Resource, patch(...operations)) as unknown as Json;

describe('any resource', () => {
  const runs = { numRuns: 20, seed: 20240503 };

  test('a deletion takes away that element and nothing else, and what is put back is what was there', () => {
    fc.assert(
      fc.property(resources, (resource) => {
        const before = structuredClone(resource);
        const all = spots(resource, 'Patient', 'Patient');
        for (const spot of all) {
          if (spot.path === 'Patient.id') continue;
          const left = apply(resource, { type: 'delete', path: spot.path });
          expect(spots(left, 'Patient', 'Patient').length).toBeLessThan(all.length);
          const value = given(spot);
          // Extension is no value of Parameters: an extension is given by its parts.
          if (!value || value.valueExtension !== undefined) continue;
          const same = apply(resource, { type: 'replace', path: spot.path, value });
          expect(same).toEqual(resource);
          const owner = spot.path.replace(/\.[^.]*$/, '');
          const stays = all.some(
            ({ path }) => path.startsWith(`${owner}.`) && path !== spot.path && !path.startsWith(`${spot.path}.`),
          );
          if (spot.list && spot.list.length > 1) {
            const { path, index } = spot.list;
            const back: Parts[] = [
              { type: 'delete', path: spot.path },
              { type: 'insert', path, index, value },
            ];
            expect(apply(resource, ...back)).toEqual(resource);
          } else if (stays) {
            const name = spot.element.choice ?? spot.element.name;
            const back: Parts[] = [
              { type: 'delete', path: spot.path },
              { type: 'add', path: owner, name, value },
            ];
            expect(apply(resource, ...back)).toEqual(resource);
          }
        }
        expect(resource).toEqual(before);
      }),
      runs,
    );
  });

  test('a move and the one back are nothing, and a move keeps what is in the list', () => {
    fc.assert(
      fc.property(resources, fc.nat(), (resource, chance) => {
        for (const { list } of spots(resource, 'Patient', 'Patient')) {
          if (!list) continue;
          const [source, destination] = [list.index, chance % list.length];
          const there = { type: 'move', path: list.path, source, destination };
          const back = { type: 'move', path: list.path, source: destination, destination: source };
          expect(apply(resource, there, back)).toEqual(resource);
          const texts = (each: Json) => JSON.stringify(each).split('').sort().join('');
          expect(texts(apply(resource, there)).replaceAll('null', '')).toEqual(texts(resource).replaceAll('null', ''));
        }
      }),
      runs,
    );
  });

  test('two patches after each other are one', () => {
    const parts = fc.oneof(
      fc.record({
        type: fc.constant('delete'),
        path: fc.constantFrom('Patient.name[0]', 'Patient.contact', 'Patient.name[1].given[0]'),
      }),
      fc.record({
        type: fc.constant('replace'),
        path: fc.constantFrom('Patient.name[0].text', 'Patient.birthDate'),
        value: fc.constantFrom({ valueString: 'x' }, { valueDate: 'y' }),
      }),
      fc.record({
        type: fc.constant('add'),
        path: fc.constantFrom('Patient', 'Patient.contact[0]'),
        name: fc.constant('name'),
        value: fc.constant({ valueHumanName: { text: 'n' } }),
      }),
    );
    const outcome = (run: () => unknown) => {
      try {
        return run();
      } catch (error) {
        return (error as { code: string }).code;
      }
    };
    fc.assert(
      fc.property(resources, fc.array(parts, { maxLength: 2 }), fc.array(parts, { maxLength: 2 }), (resource, a, b) => {
        expect(outcome(() => apply(apply(resource, ...a), ...b))).toEqual(outcome(() => apply(resource, ...a, ...b)));
      }),
      { numRuns: 100, seed: 20240504 },
    );
  });
});
