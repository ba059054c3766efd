import { describe, expect, test } from '@jest/globals';
import type { Resource } from '@medplum/fhirtypes';
import fc from 'fast-check';
import { Decimal, serialize } from '#src/fhir/decimal.js';
import { type Element, element } from '#src/fhir/elements.js';
import { applyFhirPathPatch } from '#src/patch/fhirpath-patch.js';

type Json = Record<string, unknown>;
type Parts = Record<string, unknown>;

/** Parts by name: a text for each but `value`, which is one with the name of its type. */
const operation = (parts: Parts) => ({
  name: 'operation',
  part: Object.entries(parts).map(([name, value]) =>
    typeof value === 'object'
      ? { name, ...value }
      : typeof value === 'number'
        ? { name, valueInteger: value }
        : name === 'type'
          ? { name, valueCode: value }
          : { name, valueString: value },
  ),
});
const patch = (...operations: readonly Parts[]) => ({
  resourceType: 'Parameters',
  parameter: operations.map(operation),
});

const patient = {
  resourceType: 'Patient',
  id: 'a',
  contained: [{ resourceType: 'Organization', id: 'o', name: 'O' }],
  name: [
    { use: 'official', given: ['Asha', null, 'R'], _given: [null, { id: 'x' }, null] },
    { use: 'usual', text: 'Asha' },
  ],
  birthDate: '1970-01-01',
  _birthDate: { extension: [{ url: 'urn:time', valueDateTime: '1970-01-01T10:00:00Z' }] },
  deceasedBoolean: false,
  multipleBirthInteger: 2,
  contact: [{ name: { text: 'K' }, gender: 'female' }],
};

const patched = (...operations: readonly Parts[]) =>
  applyFhirPathPatch(patient as unknown as Resource, patch(...operations)) as unknown as Json;
const fault = (run: () => unknown): { code: string; at?: string; message: string } => {
  try {
    run();
  } catch (error) {
    const { code, message, place } = error as { code: string; message: string; place: { expression?: string } };
    return { code, message, ...(place.expression !== undefined && { at: place.expression }) };
  }
  return { code: 'done', message: '' };
};

describe('rule 75: a FHIRPath Patch', () => {
  const one = (part: readonly unknown[], name = 'operation') => ({
    resourceType: 'Parameters',
    parameter: [{ name, part }],
  });
  const type = (code: string) => ({ name: 'type', valueCode: code });
  const path = { name: 'path', valueString: 'Patient.birthDate' };
  test.each([
    ['no resource', null],
    ['another resource', { resourceType: 'Patient' }],
    ['operations that are no list', { resourceType: 'Parameters', parameter: {} }],
    ['a parameter of another name', one([type('delete'), path], 'change')],
    ['no type', one([path])],
    ['a type that is none', one([type('upsert'), path])],
    ['an inherited name as type', one([type('constructor'), path])],
    ['no path', one([type('delete')])],
    ['two paths', one([type('delete'), path, path])],
    ['a path that is no string', one([type('delete'), { name: 'path', valueInteger: 1 }])],
    ['a part that the operation does not have', one([type('delete'), path, { name: 'value', valueDate: '1970' }])],
    ['no value', one([type('replace'), path])],
    ['two values', one([type('replace'), path, { name: 'value', valueDate: '1970', valueString: '1970' }])],
    ['null as value', one([type('replace'), path, { name: 'value', valueDate: null }])],
    ['a value of no type', one([type('replace'), path, { name: 'value', valueDay: '1970' }])],
    ['an object as a date', one([type('replace'), path, { name: 'value', valueDate: {} }])],
    ['a text as a period', one([type('replace'), path, { name: 'value', valuePeriod: 'x' }])],
    ['an empty period', one([type('replace'), path, { name: 'value', valuePeriod: {} }])],
    ['no parts in a value', one([type('replace'), path, { name: 'value', part: [] }])],
    ['no name to add', one([type('add'), path, { name: 'value', valueDate: '1970' }])],
    [
      'a negative index',
      one([type('insert'), path, { name: 'index', valueInteger: -1 }, { name: 'value', valueDate: 'x' }]),
    ],
    [
      'half an index',
      one([type('move'), path, { name: 'source', valueInteger: 0.5 }, { name: 'destination', valueInteger: 0 }]),
    ],
  ])('is malformed: %s', (_, body) => {
    expect(fault(() => applyFhirPathPatch(patient as unknown as Resource, body)).code).toBe('invalid-body');
  });

  test('a fault names the operation', () => {
    expect(fault(() => patched({ type: 'delete', path: 'x' }, { type: 'delete', path: 'a b' }))).toMatchObject({
      code: 'invalid-body',
      at: 'Parameters.parameter[1]',
    });
  });

  test.each<[string, Parts]>([
    ['the path leads nowhere', { type: 'replace', path: 'Patient.maritalStatus.text', value: { valueString: 'x' } }],
    ['the path leads to two', { type: 'replace', path: 'Patient.name.use', value: { valueCode: 'old' } }],
    ['deletion of two', { type: 'delete', path: 'Patient.name' }],
    ['the path leads to a value that is computed', { type: 'delete', path: 'Patient.birthDate.lower()' }],
    ['the path leads to a literal', { type: 'delete', path: "'a'" }],
    ['the path cannot be evaluated', { type: 'delete', path: 'Patient.name.single()' }],
    ['the whole resource', { type: 'delete', path: 'Patient' }],
    ['the type of the resource', { type: 'delete', path: 'Patient.resourceType' }],
    ['an inherited member', { type: 'delete', path: 'Patient.name[0].constructor' }],
    ['a prototype', { type: 'add', path: 'Patient.`__proto__`', name: 'polluted', value: { valueString: 'x' } }],
    ['a member of JSON that is no element', { type: 'delete', path: 'Patient.`_birthDate`' }],
    ['no element of that name', { type: 'add', path: 'Patient', name: 'birthday', value: { valueDate: '1970' } }],
    ['an inherited name', { type: 'add', path: 'Patient', name: 'toString', value: { valueDate: '1970' } }],
    ['a value of another type', { type: 'replace', path: 'Patient.birthDate', value: { valueString: '1970' } }],
    [
      'a general type for a special one',
      { type: 'replace', path: 'Patient.name[0].use', value: { valueString: 'old' } },
    ],
    [
      'a type that the choice does not have',
      { type: 'replace', path: 'Patient.deceased', value: { valueString: 'x' } },
    ],
    [
      'parts for a primitive',
      { type: 'replace', path: 'Patient.birthDate', value: { part: [{ name: 'id', valueString: 'x' }] } },
    ],
    ['adding what does not repeat', { type: 'add', path: 'Patient', name: 'birthDate', value: { valueDate: '1970' } }],
    [
      'adding another type of a choice',
      { type: 'add', path: 'Patient', name: 'deceased', value: { valueDateTime: '1970' } },
    ],
    ['adding to a primitive', { type: 'add', path: 'Patient.birthDate', name: 'value', value: { valueDate: '1970' } }],
    [
      'insertion into nothing',
      { type: 'insert', path: 'Patient.telecom', index: 0, value: { valueContactPoint: { value: 'x' } } },
    ],
    [
      'insertion into what is no list',
      { type: 'insert', path: 'Patient.birthDate', index: 0, value: { valueDate: '1970' } },
    ],
    [
      'insertion behind the end',
      { type: 'insert', path: 'Patient.name', index: 3, value: { valueHumanName: { text: 'x' } } },
    ],
    [
      'insertion into a part of a list',
      { type: 'insert', path: "Patient.name.where(use = 'usual')", index: 0, value: { valueHumanName: { text: 'x' } } },
    ],
    ['a move from outside', { type: 'move', path: 'Patient.name', source: 2, destination: 0 }],
    ['a move to outside', { type: 'move', path: 'Patient.name', source: 0, destination: 2 }],
    ['another id', { type: 'replace', path: 'Patient.id', value: { valueId: 'b' } }],
    ['no id', { type: 'delete', path: 'Patient.id' }],
  ])('cannot be carried out: %s', (_, parts) => {
    const before = structuredClone(patient);
    expect(fault(() => patched({ type: 'delete', path: 'Patient.contact' }, parts)).code).toBe('unprocessable');
    expect(patient).toEqual(before);
    expect(({} as { polluted?: unknown }).polluted).toBeUndefined();
  });

  test('two lists at once are none', () => {
    const twice = { ...patient, name: [{ given: ['a', 'b'] }, { given: ['c'] }] } as unknown as Resource;
    const move = patch({ type: 'move', path: 'Patient.name.given', source: 0, destination: 1 });
    expect(fault(() => applyFhirPathPatch(twice, move)).code).toBe('unprocessable');
  });

  test.each<[string, Parts, Json]>([
    ['deletion of nothing', { type: 'delete', path: 'Patient.maritalStatus' }, {}],
    ['deletion at another type', { type: 'delete', path: 'Observation.status' }, {}],
    [
      'deletion of a primitive with what is beside it',
      { type: 'delete', path: 'Patient.birthDate' },
      { birthDate: undefined, _birthDate: undefined },
    ],
    [
      'deletion of the only extension of a primitive',
      { type: 'delete', path: "Patient.birthDate.extension('urn:time')" },
      { _birthDate: undefined },
    ],
    [
      'deletion of a value that has only an id',
      { type: 'delete', path: 'Patient.name[0].given[1].id' },
      { name: [{ use: 'official', given: ['Asha', 'R'] }, patient.name[1]] },
    ],
    [
      'deletion from two lists that belong together',
      { type: 'delete', path: "Patient.name.where(use = 'official').given.first()" },
      { name: [{ use: 'official', given: [null, 'R'], _given: [{ id: 'x' }, null] }, patient.name[1]] },
    ],
    [
      'another type of a choice',
      { type: 'replace', path: 'Patient.deceased', value: { valueDateTime: '2020' } },
      { deceasedBoolean: undefined, deceasedDateTime: '2020' },
    ],
    [
      'a choice by its name in JSON',
      { type: 'replace', path: 'Patient.deceased.ofType(boolean)', value: { valueBoolean: true } },
      { deceasedBoolean: true },
    ],
    [
      'a special type for a general one',
      { type: 'add', path: 'Patient.contact[0].name', name: 'family', value: { valueCode: 'F' } },
      { contact: [{ name: { text: 'K', family: 'F' }, gender: 'female' }] },
    ],
    [
      'a primitive with an extension',
      {
        type: 'replace',
        path: 'birthDate',
        value: { _valueDate: { extension: [{ url: 'u', valueCode: 'unknown' }] } },
      },
      { birthDate: undefined, _birthDate: { extension: [{ url: 'u', valueCode: 'unknown' }] } },
    ],
    [
      'an extension of a primitive that has none',
      {
        type: 'add',
        path: 'Patient.name[1].text',
        name: 'extension',
        value: {
          part: [
            { name: 'url', valueUri: 'u' },
            { name: 'value', valueCode: 'c' },
          ],
        },
      },
      { name: [patient.name[0], { use: 'usual', text: 'Asha', _text: { extension: [{ url: 'u', valueCode: 'c' }] } }] },
    ],
    [
      'a contained resource',
      {
        type: 'replace',
        path: "Patient.contained.where(id = 'o')",
        value: { resource: { resourceType: 'Location', id: 'l' } },
      },
      { contained: [{ resourceType: 'Location', id: 'l' }] },
    ],
    [
      'an element of a contained resource',
      { type: 'replace', path: 'Patient.contained[0].name', value: { valueString: 'P' } },
      { contained: [{ resourceType: 'Organization', id: 'o', name: 'P' }] },
    ],
    [
      'an anonymous type with lists and anonymous types',
      {
        type: 'add',
        path: 'Patient',
        name: 'communication',
        value: {
          part: [
            {
              name: 'language',
              part: [
                { name: 'coding', valueCoding: { code: 'ta' } },
                { name: 'coding', valueCoding: { code: 'en' } },
              ],
            },
            { name: 'preferred', valueBoolean: true },
          ],
        },
      },
      { communication: [{ language: { coding: [{ code: 'ta' }, { code: 'en' }] }, preferred: true }] },
    ],
  ])('is carried out: %s', (_, parts, changes) => {
    expect(patched(parts)).toEqual(JSON.parse(JSON.stringify({ ...patient, ...changes })));
  });

  test('nothing is applied when a later operation fails', () => {
    const before = structuredClone(patient);
    expect(
      fault(() => patched({ type: 'delete', path: 'Patient.birthDate' }, { type: 'delete', path: 'Patient' })),
    ).toMatchObject({
      code: 'unprocessable',
      at: 'Parameters.parameter[1]',
    });
    expect(patient).toEqual(before);
  });

  test('decimals keep their text, and can be asked for', () => {
    const observation = {
      resourceType: 'Observation',
      component: [{ valueQuantity: { value: new Decimal('1.50') } }, { valueQuantity: { value: new Decimal('2.0') } }],
    } as unknown as Resource;
    const changed = applyFhirPathPatch(
      observation,
      patch(
        {
          type: 'add',
          path: 'Observation.component.where(value.value = 2).value',
          name: 'unit',
          value: { valueString: 'mg' },
        },
        {
          type: 'replace',
          path: 'Observation.component[0].value',
          value: { valueQuantity: { value: new Decimal('3.00') } },
        },
        { type: 'move', path: 'Observation.component', source: 0, destination: 1 },
      ),
    );
    expect(serialize(changed)).toBe(
      '{"resourceType":"Observation","component":[{"valueQuantity":{"value":2.0,"unit":"mg"}},{"valueQuantity":{"value":3.00}}]}',
    );
  });

  test('the names of operators are elements', () => {
    const narrated = { ...patient, text: { status: 'generated', div: '<div>a</div>' } } as unknown as Resource;
    const div = patch({ type: 'replace', path: 'Patient.text.div', value: { valueString: '<div>b</div>' } });
    expect(applyFhirPathPatch(narrated, div)).toMatchObject({ text: { div: '<div>b</div>' } });
    const expansion = { resourceType: 'ValueSet', expansion: { contains: [{ code: 'a' }] } } as unknown as Resource;
    const contains = patch({ type: 'delete', path: "ValueSet.expansion.contains.where(code = 'a')" });
    expect(applyFhirPathPatch(expansion, contains)).toEqual({ resourceType: 'ValueSet' });
  });
});

describe('a hostile path', () => {
  test.each([
    ['Patient.name.where(%resource.name.exists())', 'invalid-body'],
    ['Patient.descendants()', 'invalid-body'],
    ['Patient.repeat(children())', 'invalid-body'],
    ['Patient.managingOrganization.resolve()', 'invalid-body'],
    ["Patient.name.trace('x')", 'invalid-body'],
    ["Patient.name.text.matches('(a+)+$')", 'invalid-body'],
    ['Patient.name | Patient.name', 'invalid-body'],
    ['Patient.name.combine(Patient.name)', 'invalid-body'],
    ['Patient.name.select(given)', 'invalid-body'],
    ["Patient.name.defineVariable('x')", 'invalid-body'],
    ['Patient.name.where(given = text)', 'invalid-body'],
    ["Patient.name.where(text ~ 'a')", 'invalid-body'],
    ['Patient.name[1 + 0]', 'invalid-body'],
    ["Patient.name.where(text in ('a'))", 'invalid-body'],
    ['Patient.name /* ( */', 'invalid-body'],
    ["Patient.name.where(constructor.constructor('return 1')())", 'invalid-body'],
    [`Patient.${'a'.repeat(500)}`, 'invalid-body'],
    [`${'('.repeat(11)}Patient${')'.repeat(11)}`, 'invalid-body'],
    [`Patient.name.where(text = '))))))))))))' or ${'('.repeat(11)}use = 'a'${')'.repeat(11)})`, 'invalid-body'],
    ['', 'invalid-body'],
  ])('is refused: %s', (path, code) => {
    expect(fault(() => patched({ type: 'delete', path })).code).toBe(code);
  });

  test.each([
    "Patient.name.where(use = 'official' and given[0].startsWith('A')).given[1]",
    'Patient.contact[0].name.text',
    "Patient.contained.ofType(Organization).where(name != 'x' or name.empty()).name",
    '(Patient.deceased as boolean)',
    'Patient.deceased.where($this is boolean)',
    "name.where(use = 'usual').text",
    'Patient.name.skip(1).first().text',
    "Patient.birthDate.extension('urn:time')",
    'Patient.multipleBirth.where($this >= 2)',
    'Patient.birthDate.where($this < @1971)',
    "Patient.name.where(given.count() > 1 and given.exists($this.lower() = 'asha')).use",
  ])('and an honest one is not: %s', (path) => {
    expect(fault(() => patched({ type: 'delete', path })).code).toBe('done');
    expect(patched({ type: 'delete', path })).not.toEqual(patient);
  });

  test('many operations, or much work, are refused', () => {
    const many = Array.from({ length: 257 }, () => ({ type: 'delete', path: 'x' }));
    expect(fault(() => patched(...many)).code).toBe('too-large');
    const extension = Array.from({ length: 3000 }, (_, i) => ({ url: 'u', valueInteger: i }));
    const long = { resourceType: 'Patient', extension } as unknown as Resource;
    const criteria = Array.from({ length: 25 }, () => 'url.exists()').join(' and ');
    const slow = Array.from({ length: 256 }, () => ({ type: 'delete', path: `extension.where(${criteria}).x` }));
    expect(fault(() => applyFhirPathPatch(long, patch(...slow))).code).toBe('too-costly');
    let deep: Json = { text: 'x' };
    for (let i = 0; i < 5000; i++) deep = { name: 'value', part: [deep] };
    const nested = { resourceType: 'Parameters', parameter: [{ name: 'operation', part: [deep] }] };
    expect(fault(() => applyFhirPathPatch(long, nested)).code).toBe('invalid-body');
  });

  test('a fault tells nothing of the path or the resource', () => {
    const { message } = fault(() =>
      patched({ type: 'replace', path: "name.where(text = 'Secret').single().use", value: { valueCode: 'old' } }),
    );
    expect(message).not.toMatch(/Secret|Asha|name/);
  });
});

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
