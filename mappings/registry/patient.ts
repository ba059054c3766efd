import type { Patient } from '@medplum/fhirtypes';
import { map } from 'healthsync/mapping';
import { gender, sid } from './codes.js';
import { patients } from './source.js';

export const patient = map<Patient>('Patient', {
  name: 'patient',
  id: patients.id,
  write: { create: 'row', key: 'source', update: true, delete: 'row' },
  to: {
    resourceType: 'Patient',
    identifier: [{ use: 'usual', system: sid('patient-id'), value: patients.text('id') }],
    name: [{ use: 'official', family: patients.text('last_name'), given: [patients.text('first_name')] }],
    telecom: [
      { system: 'phone', value: patients.text('contact_number') },
      { system: 'email', value: patients.text('email_id') },
    ],
    gender: patients.code('gender', gender),
    birthDate: patients.date('dob'),
    // A number to call, of nobody in particular.
    contact: [{ telecom: [{ system: 'phone', value: patients.text('emergency_contact') }] }],
  },
});
