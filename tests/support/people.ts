import type { Observation, Patient, Resource } from '@medplum/fhirtypes';
import { decimal } from '#src/fhir/decimal.js';

const ada: Patient = {
  resourceType: 'Patient',
  id: 'a.1',
  meta: { versionId: 'v1', lastUpdated: '2024-04-01T10:00:00.500Z', source: 'urn:healthsync:a' },
  text: { status: 'generated', div: '<div xmlns="http://www.w3.org/1999/xhtml">Ada</div>' },
  identifier: [{ system: 'urn:mrn', value: '1' }],
  active: true,
  name: [{ family: 'Lovelace', given: ['Ada'] }],
  gender: 'female',
  birthDate: '1815-12-10',
  maritalStatus: { text: 'married' },
  contact: [{ name: { family: 'Byron' } }],
  link: [{ other: { reference: 'Patient/b.2' }, type: 'seealso' }],
};
const bob: Patient = {
  resourceType: 'Patient',
  id: 'b.2',
  meta: { versionId: 'v2' },
  name: [{ family: 'Bell' }],
  gender: 'male',
};
const eve: Patient = { resourceType: 'Patient', id: 'b.3', meta: { versionId: 'v3' }, name: [{ family: 'Éluard' }] };

const weight: Observation = {
  resourceType: 'Observation',
  id: 'a.1.w',
  meta: { versionId: 'w1' },
  status: 'final',
  code: { coding: [{ system: 'http://loinc.org', code: '29463-7' }], text: 'Weight' },
  subject: { reference: 'Patient/a.1' },
  valueQuantity: {
    value: decimal('61.50') as unknown as number,
    unit: 'kg',
    system: 'http://unitsofmeasure.org',
    code: 'kg',
  },
  note: [{ text: 'dressed' }],
};

/** Three people and a weight with a decimal whose precision must be kept. */
export const people: readonly Resource[] = [ada, bob, eve, weight];
