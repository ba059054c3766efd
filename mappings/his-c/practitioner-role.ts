import type { PractitionerRole } from '@medplum/fhirtypes';
import { map, reference } from 'healthsync/mapping';
import { extension, local } from './codes.js';
import { hospital, staff } from './source.js';

export const practitionerRole = map<PractitionerRole>('PractitionerRole', {
  name: 'practitioner-role',
  id: staff.id,
  write: { update: true },
  to: {
    resourceType: 'PractitionerRole',
    // A shift has a name and no hours: availableTime cannot hold it.
    extension: [{ url: extension('work-shift'), valueString: staff.text('shift') }],
    period: { start: staff.date('joining_date') },
    practitioner: { reference: reference('Practitioner', staff.id) },
    // The table names no department.
    organization: { reference: reference('Organization', hospital) },
    code: [staff.concept('role', { system: local('role') })],
    specialty: [staff.concept('specialty_assigned', { system: local('specialty') })],
  },
});
