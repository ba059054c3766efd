import type { Organization } from '@medplum/fhirtypes';
import { map } from 'healthsync/mapping';
import { unit } from './source.js';

/** The unit whose graph this is: no node describes it, so it has the system's own name and nothing more. */
export const organization = map<Organization>('Organization', {
  name: 'organization',
  id: unit,
  to: {
    resourceType: 'Organization',
    type: [
      {
        coding: [
          {
            system: 'http://terminology.hl7.org/CodeSystem/organization-type',
            code: 'dept',
            display: 'Hospital Department',
          },
        ],
      },
    ],
    name: 'Patient monitoring',
  },
});
