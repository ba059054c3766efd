import type { Patient } from '@medplum/fhirtypes';
import { each, map, reference } from 'healthsync/mapping';
import { doctors, patients, treats, unit } from './source.js';

/** A patient with the doctors who treat them. */
export const patient = map<Patient>('Patient', {
  name: 'patient',
  id: patients.id,
  write: { create: 'row', key: 'client', delete: 'row' },
  to: {
    resourceType: 'Patient',
    // One text; which part is the family name would be a guess.
    name: [{ text: patients.text('name') }],
    generalPractitioner: [
      each(
        treats,
        { patient: 'name' },
        {
          reference: reference('Practitioner', doctors.id, { rows: treats, columns: ['doctor'] }),
          display: treats.text('doctor'),
        },
      ),
    ],
    managingOrganization: { reference: reference('Organization', unit) },
  },
});
