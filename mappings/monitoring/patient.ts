import type { Patient } from '@medplum/fhirtypes';
import { map } from 'healthsync/mapping';
import { patients } from './source.js';

export const patient = map<Patient>('Patient', {
  name: 'patient',
  id: patients.id,
  write: { create: 'row', key: 'source', update: true, delete: 'row' },
  unmapped: { age: 'an age without the day on which it was true tells no birth date' },
  to: {
    resourceType: 'Patient',
    // One text: which word is the family name it does not say.
    name: [{ text: patients.text('name') }],
    address: [{ state: patients.text('region') }],
  },
});
