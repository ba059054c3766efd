import { expect, test } from '@jest/globals';
import type { Resource } from '@medplum/fhirtypes';
import { typicalValue } from '#src/check/typical-search.js';
import { searchParameters } from '#src/fhir/search-parameters.js';

const patient: Resource = {
  resourceType: 'Patient',
  id: 'a.1',
  identifier: [{ use: 'usual', system: 'urn:s', value: '1|2' }],
  name: [{ family: 'Berg, af' }],
  telecom: [{ system: 'phone', value: '+46 1' }],
  gender: 'female',
  birthDate: '1961-02',
  managingOrganization: { reference: 'Organization/a.h' },
};

test.each([
  ['_id', 'a.1'],
  ['identifier', '1\\|2'],
  ['family', 'Berg\\, af'],
  ['name', 'Berg\\, af'],
  ['phone', '+46 1'],
  ['gender', 'female'],
  ['birthdate', '1961-02'],
  ['organization', 'Organization/a.h'],
  ['email', undefined],
])('Patient?%s is asked with %s', (code, value) => {
  expect(typicalValue(searchParameters('Patient').get(code)!, 'Patient', [patient])).toBe(value);
});

test('codes and quantities', () => {
  const observation: Resource = {
    resourceType: 'Observation',
    status: 'final',
    code: { coding: [{ system: 'http://loinc.org', code: '8302-2' }] },
    valueQuantity: { value: 170.5, unit: 'cm' },
  };
  const typical = (code: string) =>
    typicalValue(searchParameters('Observation').get(code)!, 'Observation', [observation]);
  expect(typical('code')).toBe('http://loinc.org|8302-2');
  expect(typical('value-quantity')).toBe('170.5');
});
