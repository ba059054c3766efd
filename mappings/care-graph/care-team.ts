import type { CareTeam } from '@medplum/fhirtypes';
import { each, map, reference } from 'healthsync/mapping';
import { type NodeIds, treats, unit } from './source.js';

/** Those who treat a patient, as a team; of a patient whom nobody treats it has no member. */
export const careTeamBy = ({ doctor, patient }: NodeIds) =>
  map<CareTeam>('CareTeam', {
    name: 'care-team',
    id: patient,
    to: {
      resourceType: 'CareTeam',
      subject: { reference: reference('Patient', patient) },
      participant: [
        each(
          treats,
          { patient: 'name' },
          {
            member: {
              reference: reference('Practitioner', doctor, { rows: treats, columns: ['doctor'] }),
              display: treats.text('doctor'),
            },
          },
        ),
      ],
      managingOrganization: [{ reference: reference('Organization', unit) }],
    },
  });
