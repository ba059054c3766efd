import type { Practitioner } from '@medplum/fhirtypes';
import { map } from 'healthsync/mapping';
import { local, sid } from './codes.js';
import { staff } from './source.js';

export const practitioner = map<Practitioner>('Practitioner', {
  name: 'practitioner',
  id: staff.id,
  unmapped: {
    experience_years:
      'personnel data, true only on the unknown day it was written; PractitionerRole.period says since when',
    emergency_person_name: 'personnel data; a Practitioner has no contact person',
    emergency_person_relation: 'personnel data; a Practitioner has no contact person',
    emergency_person_phone: 'personnel data; a Practitioner has no contact person',
  },
  write: { create: 'row', key: 'client', update: true, updateCreates: true },
  to: {
    resourceType: 'Practitioner',
    identifier: [{ use: 'official', system: sid('staff-id'), value: staff.text('staff_id') }],
    // One column; which part is the family name would be a guess.
    name: [{ use: 'official', text: staff.text('name') }],
    telecom: [
      { system: 'phone', value: staff.text('contact_phone') },
      { system: 'email', value: staff.text('contact_email') },
    ],
    // Several lines in one column: shown as written.
    address: [{ text: staff.text('address') }],
    qualification: [{ code: staff.concept('qualification', { system: local('qualification') }) }],
  },
});
