import type { Patient } from '@medplum/fhirtypes';
import { each, map, reference } from 'healthsync/mapping';
import { type NodeIds, patients, treats, unit } from './source.js';

/** A patient with the doctors who treat them. */
export const patientBy = ({ doctor, patient }: NodeIds) =>
  map<Patient>('Patient', {
    name: 'patient',
    id: patient,
    to: {
      resourceType: 'Patient',
      // One text; which part is the family name would be a guess.
      name: [{ text: patients.text('name') }],
      generalPractitioner: [
        each(
          treats,
          { patient: 'name' },
          {
            reference: reference('Practitioner', doctor, { rows: treats, columns: ['doctor'] }),
            display: treats.text('doctor'),
          },
        ),
      ],
      managingOrganization: { reference: reference('Organization', unit) },
    },
  });
