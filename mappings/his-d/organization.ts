import type { Organization } from '@medplum/fhirtypes';
import { map, reference } from 'healthsync/mapping';
import { hl7 } from './codes.js';
import { department, departments, hospital } from './source.js';

/** The hospital whose system this is: no table describes it, so it has the system's own name and nothing more. */
export const organizationHospital = map<Organization>('Organization', {
  name: 'organization-hospital',
  id: hospital,
  to: {
    resourceType: 'Organization',
    type: [hl7('organization-type', 'prov', 'Healthcare Provider')],
    name: 'HIS_D',
  },
});

export const organizationDepartment = map<Organization>('Organization', {
  name: 'organization-department',
  id: department,
  exists: departments.present('value'),
  to: {
    resourceType: 'Organization',
    type: [hl7('organization-type', 'dept', 'Hospital Department')],
    name: departments.text('value'),
    partOf: { reference: reference('Organization', hospital) },
  },
});
