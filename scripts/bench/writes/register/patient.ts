import type { Patient } from '@medplum/fhirtypes';
import { map } from 'healthsync/mapping';
import { people, system } from './source.js';

export const patient = map<Patient>('Patient', {
  name: 'patient',
  id: people.id,
  write: { create: 'row', key: 'client', update: true, updateCreates: true },
  to: {
    resourceType: 'Patient',
    identifier: [{ system, value: people.text('id') }],
    name: [{ use: 'official', family: people.text('family'), given: [people.text('given')] }],
    telecom: [
      { system: 'phone', value: people.text('phone') },
      { system: 'email', value: people.text('email') },
    ],
    gender: people.code('sex', { codes: { M: 'male', F: 'female' } }),
    birthDate: people.date('birth_date'),
    address: [
      {
        line: [people.text('street')],
        city: people.text('city'),
        postalCode: people.text('postal_code'),
        country: people.text('country'),
      },
    ],
  },
});
