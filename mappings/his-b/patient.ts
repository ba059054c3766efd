import type { Patient } from '@medplum/fhirtypes';
import { map, reference } from 'healthsync/mapping';
import { extension, gender, sid } from './codes.js';
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
    name: [{ use: 'official', family: patients.text('last_name'), given: [patients.text('first_name')] }],
    telecom: [
      { system: 'phone', value: patients.text('phone') },
      { system: 'email', value: patients.text('email') },
    ],
    gender: patients.code('gender', gender),
    birthDate: patients.date('dob'),
    address: [
      {
        city: patients.text('city'),
        state: patients.text('state'),
        postalCode: patients.text('postal_code'),
        country: patients.text('country'),
      },
    ],
    contact: [
      {
        relationship: [{ text: patients.text('emergency_relation') }],
        name: { text: patients.text('emergency_name') },
        telecom: [{ system: 'phone', value: patients.text('emergency_phone') }],
      },
    ],
    generalPractitioner: [{ display: patients.text('primary_physician') }],
    managingOrganization: { reference: reference('Organization', hospital) },
  },
});
