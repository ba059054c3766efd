import type { CareTeam } from '@medplum/fhirtypes';
import { each, map, reference } from 'healthsync/mapping';
import { doctors, patients, treats, unit } from './source.js';

/** Those who treat a patient, as a team; of a patient whom nobody treats it has no member. */
export const careTeam = map<CareTeam>('CareTeam', {
  name: 'care-team',
  id: patients.id,
  to: {
    resourceType: 'CareTeam',
    subject: { reference: reference('Patient', patients.id) },
    participant: [
      each(
        treats,
        { patient: 'name' },
        {
          member: {
            reference: reference('Practitioner', doctors.id, { rows: treats, columns: ['doctor'] }),
            display: treats.text('doctor'),
          },
        },
      ),
    ],
    managingOrganization: [{ reference: reference('Organization', unit) }],
  },
});
