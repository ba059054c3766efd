import { describe, expect, test } from '@jest/globals';
import type { Resource } from '@medplum/fhirtypes';
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
