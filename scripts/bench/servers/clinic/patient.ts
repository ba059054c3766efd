import type { Patient } from '@medplum/fhirtypes';
import { map } from 'healthsync/mapping';
import { patients, system } from './source.js';

export const patient = map<Patient>('Patient', {
  name: 'patient',
  id: patients.id,
  to: {
    resourceType: 'Patient',
    identifier: [{ system, value: patients.text('id') }],
    name: [{ family: patients.text('family'), given: [patients.text('given')] }],
    telecom: [{ system: 'phone', value: patients.text('phone') }],
    gender: patients.code('sex', { codes: { M: 'male', F: 'female' } }),
    birthDate: patients.date('birth_date'),
    address: [{ city: patients.text('city') }],
  },
});
