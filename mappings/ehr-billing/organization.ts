import type { Organization } from '@medplum/fhirtypes';
import { map } from 'healthsync/mapping';
import { ORGANIZATION_TYPE } from './codes.js';
import { department, departments } from './source.js';

export const organizationDepartment = map<Organization>('Organization', {
  name: 'organization-department',
  id: department,
  exists: departments.present('value'),
  to: {
    resourceType: 'Organization',
    type: [{ coding: [{ system: ORGANIZATION_TYPE, code: 'dept', display: 'Hospital Department' }] }],
    name: departments.text('value'),
  },
});
