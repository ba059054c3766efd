import { describe, expect, test } from '@jest/globals';
import type { Resource } from '@medplum/fhirtypes';
import { Decimal, serialize } from '#src/fhir/decimal.js';
import { applyFhirPathPatch } from '#src/patch/fhirpath-patch.js';
import { type Parts, patch } from '../../support/fhirpath-operations.js';

type Json = Record<string, unknown>;

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
