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
    // One column; which part is the family name would be a guess.
    name: [{ use: 'official', text: patients.text('name') }],
    telecom: [
      { system: 'phone', value: patients.text('contact_phone') },
      { system: 'email', value: patients.text('contact_email') },
    ],
    gender: patients.code('gender', gender),
    birthDate: patients.date('dob'),
    contact: [
      {
        relationship: [{ text: patients.text('emergency_person_relation') }],
        name: { text: patients.text('emergency_person_name') },
        telecom: [{ system: 'phone', value: patients.text('emergency_person_phone') }],
      },
    ],
    generalPractitioner: [{ display: patients.text('primary_physician') }],
    managingOrganization: { reference: reference('Organization', hospital) },
  },
});
