import type { Patient } from '@medplum/fhirtypes';
import { map, not, or, reference, when } from 'healthsync/mapping';
import { extension, gender, sid } from './codes.js';
import { kinName, kinRelation } from './kin.js';
import { city, country, email, packedLocation, phone, relation, state } from './packed.js';
import { hospital, patients } from './source.js';

export const patient = map<Patient>('Patient', {
  name: 'patient',
  id: patients.id,
  write: { create: 'row', key: 'client', update: true, updateCreates: true, delete: 'row' },
  to: {
    resourceType: 'Patient',
    // Whether the patient is admitted, recovered or critical: no element of Patient says it, and Encounter.status only in part.
    extension: [{ url: extension('patient-status'), valueString: patients.text('patient_status') }],
    identifier: [{ use: 'usual', system: sid('patient-id'), value: patients.text('patient_id') }],
    // One column; which part is the family name would be a guess.
    name: [{ use: 'official', text: patients.text('name') }],
    telecom: [
      { system: 'phone', value: patients.text('contact', phone) },
      { system: 'email', value: patients.text('contact', email) },
      // Not of the form "phone, email".
      when(not(or(patients.present('contact', phone), patients.present('contact', email))), {
        system: 'other',
        value: patients.text('contact'),
      }),
    ],
    gender: patients.code('gender', gender),
    birthDate: patients.date('dob'),
    address: [
      {
        // Not of the form "city, state, country".
        text: when(not(patients.present('location', packedLocation)), patients.text('location')),
        city: patients.text('location', city),
        state: patients.text('location', state),
        country: patients.text('location', country),
      },
    ],
    contact: [
      {
        relationship: [
          when(patients.present('emergency_person', relation), { text: patients.col('emergency_person', kinRelation) }),
        ],
        name: { text: patients.col('emergency_person', kinName) },
      },
    ],
    generalPractitioner: [{ display: patients.text('primary_physician') }],
    managingOrganization: { reference: reference('Organization', hospital) },
  },
});
