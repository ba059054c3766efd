import type { Practitioner } from '@medplum/fhirtypes';
import { map, not, or, when } from 'healthsync/mapping';
import { gender, sid } from './codes.js';
import { city, country, email, packedLocation, phone, state } from './packed.js';
import { staff } from './source.js';

export const practitioner = map<Practitioner>('Practitioner', {
  name: 'practitioner',
  id: staff.id,
  unmapped: {
    salary: 'personnel data, not clinical',
    emergency_person: 'personnel data; a Practitioner has no contact person',
  },
  to: {
    resourceType: 'Practitioner',
    identifier: [{ use: 'official', system: sid('staff-id'), value: staff.text('staff_id') }],
    name: [{ use: 'official', family: staff.text('last_name'), given: [staff.text('first_name')] }],
    telecom: [
      { system: 'phone', value: staff.text('contact', phone) },
      { system: 'email', value: staff.text('contact', email) },
      // Not of the form "phone, email".
      when(not(or(staff.present('contact', phone), staff.present('contact', email))), {
        system: 'other',
        value: staff.text('contact'),
      }),
    ],
    address: [
      {
        // Not of the form "city, state, country".
        text: when(not(staff.present('location', packedLocation)), staff.text('location')),
        city: staff.text('location', city),
        state: staff.text('location', state),
        country: staff.text('location', country),
      },
    ],
    gender: staff.code('gender', gender),
    birthDate: staff.date('dob'),
  },
});
