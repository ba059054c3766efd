import { expect, test } from '@jest/globals';
import { codeSystems } from '#src/fhir/code-system.js';
import { element, elements, elementsNamed, resourceTypes } from '#src/fhir/elements.js';

test('R4 has 146 resource types', () => {
  expect(resourceTypes.size).toBe(146);
  expect(resourceTypes.has('Patient')).toBe(true);
  for (const other of ['Resource', 'DomainResource', 'SubscriptionStatus', 'HumanName', 'string', 'patient']) {
    expect(resourceTypes.has(other)).toBe(false);
  }
});

test('an element by its JSON name', () => {
  expect(element('Patient', 'name')).toMatchObject({
    name: 'name',
    type: 'HumanName',
    children: 'HumanName',
    array: true,
    required: false,
    summary: true,
  });
  expect(element('Patient', 'contact')).toMatchObject({ type: 'BackboneElement', children: 'Patient.contact' });
  expect(element('Observation', 'status')).toMatchObject({
    type: 'code',
    required: true,
    modifier: true,
    valueSet: 'http://hl7.org/fhir/ValueSet/observation-status',
  });
  expect(element('Encounter', 'subject')?.targets).toEqual(['Patient', 'Group']);
  for (const name of ['Name', 'value', 'value[x]', 'constructor', '__proto__', ''])
    expect(element('Observation', name)).toBeUndefined();
  expect(elements('Nothing')).toBeUndefined();
});

test('a choice is one element per type', () => {
  expect(element('Observation', 'valueQuantity')).toMatchObject({ type: 'Quantity', choice: 'value' });
  expect(element('Patient', 'deceasedBoolean')).toMatchObject({ type: 'boolean', choice: 'deceased' });
  expect(elementsNamed('Patient', 'deceased').map(({ name }) => name)).toEqual(['deceasedBoolean', 'deceasedDateTime']);
  expect(elementsNamed('Patient', 'gender').map(({ name }) => name)).toEqual(['gender']);
  expect(elementsNamed('Patient', 'nothing')).toEqual([]);
});

test('a content reference has the elements of its target', () => {
  expect(element('Questionnaire.item', 'item')).toMatchObject({
    type: 'BackboneElement',
    children: 'Questionnaire.item',
    array: true,
  });
});

test('rule 20: the systems of a value set', () => {
  expect(codeSystems('http://hl7.org/fhir/ValueSet/administrative-gender')).toEqual([
    'http://hl7.org/fhir/administrative-gender',
  ]);
  expect(codeSystems('http://hl7.org/fhir/ValueSet/immunization-status')).toEqual(['http://hl7.org/fhir/event-status']);
  expect(codeSystems('http://hl7.org/fhir/ValueSet/task-intent')).toHaveLength(2);
});
