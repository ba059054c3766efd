import type { Practitioner } from '@medplum/fhirtypes';
import { map } from 'healthsync/mapping';
import { gender, sid } from './codes.js';
import { staff } from './source.js';

export const practitioner = map<Practitioner>('Practitioner', {
  name: 'practitioner',
  id: staff.id,
  unmapped: {
    salary: 'personnel data, not clinical',
    emergency_name: 'personnel data; a Practitioner has no contact person',
    emergency_relation: 'personnel data; a Practitioner has no contact person',
    emergency_phone: 'personnel data; a Practitioner has no contact person',
  },
  write: { create: 'row', key: 'client', update: true, updateCreates: true },
  to: {
    resourceType: 'Practitioner',
    identifier: [{ use: 'official', system: sid('staff-id'), value: staff.text('staff_id') }],
    name: [{ use: 'official', family: staff.text('last_name'), given: [staff.text('first_name')] }],
    telecom: [
      { system: 'phone', value: staff.text('phone') },
      { system: 'email', value: staff.text('email') },
    ],
    address: [
      {
        line: [staff.text('address_line1'), staff.text('address_line2')],
        city: staff.text('city'),
        state: staff.text('state'),
        postalCode: staff.text('postal_code'),
        country: staff.text('country'),
      },
    ],
    gender: staff.code('gender', gender),
    birthDate: staff.date('dob'),
  },
});
