import type { Patient } from '@medplum/fhirtypes';
import { map } from 'healthsync/mapping';
import { gender, sid } from './codes.js';
import { patients } from './source.js';

export const patient = map<Patient>('Patient', {
  name: 'patient',
  id: patients.id,
  write: { create: 'row', key: 'client', update: true, updateCreates: true, delete: 'row' },
  unmapped: {
    _id: 'the database gave it; the record itself is named by patient_id',
    age: 'an age without the day on which it was true tells no birth date',
    before_update: 'what a trial of the copies of this database wrote; nothing about the patient',
    after_update: 'what a trial of the copies of this database wrote; nothing about the patient',
  },
  to: {
    resourceType: 'Patient',
    identifier: [{ use: 'usual', system: sid('patient-id'), value: patients.text('patient_id') }],
    // One text: which word is the family name it does not say.
    name: [{ use: 'official', text: patients.text('name') }],
    telecom: [
      { system: 'phone', value: patients.text('phone') },
      { system: 'email', value: patients.text('email') },
    ],
    gender: patients.code('gender', gender),
    address: [{ text: patients.text('address') }],
  },
});
