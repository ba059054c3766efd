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
    experience_years:
      'personnel data, true only on the unknown day it was written; PractitionerRole.period says since when',
    emergency_contact: 'personnel data; a Practitioner has no contact person',
    emergency_relation: 'personnel data; a Practitioner has no contact person',
  },
  write: { create: 'row', key: 'client', update: true, updateCreates: true },
  to: {
    resourceType: 'Practitioner',
    identifier: [{ use: 'official', system: sid('staff-id'), value: staff.text('staff_id') }],
    // One column; which part is the family name would be a guess.
    name: [{ use: 'official', text: staff.text('name') }],
    telecom: [
      { system: 'phone', value: staff.text('contact', phone) },
      { system: 'email', value: staff.text('contact', email) },
      // Not of the form "phone, email".
      when(not(or(staff.present('contact', phone), staff.present('contact', email))), {
        system: 'other',
        value: staff.text('contact'),
      }),
      { system: 'email', value: staff.text('email') },
    ],
    address: [
      {
        // Not of the form "city, state, country".
        text: when(not(staff.present('address', packedLocation)), staff.text('address')),
        city: staff.text('address', city),
        state: staff.text('address', state),
        country: staff.text('address', country),
      },
    ],
    gender: staff.code('gender', gender),
    birthDate: staff.date('dob'),
    // Free text of several parts, no code.
    qualification: [{ code: { text: staff.text('certifications') } }],
  },
});
