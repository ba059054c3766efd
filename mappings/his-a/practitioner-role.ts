import type { PractitionerRole } from '@medplum/fhirtypes';
import { map, reference } from 'healthsync/mapping';
import { extension, local } from './codes.js';
import { department, staff } from './source.js';

export const practitionerRole = map<PractitionerRole>('PractitionerRole', {
  name: 'practitioner-role',
  id: staff.id,
  write: { update: true },
  to: {
    resourceType: 'PractitionerRole',
    // A shift has a name and no hours: availableTime cannot hold it.
    extension: [{ url: extension('work-shift'), valueString: staff.text('work_shift') }],
    period: { start: staff.date('joining_date') },
    practitioner: { reference: reference('Practitioner', staff.id) },
    organization: {
      reference: reference('Organization', department, { rows: staff, columns: ['department'] }),
      display: staff.text('department'),
    },
    code: [staff.concept('designation', { system: local('designation') })],
  },
});
