import { table } from 'healthsync/mapping';

export const system = 'https://healthsync.dev/fhir/sid/bench/record';

export const people = table('people', {
  key: ['id'],
  columns: {
    id: 'text',
    family: 'text',
    given: 'text',
    sex: 'text',
    birth_date: 'date',
    phone: 'text',
    email: 'text',
    street: 'text',
    city: 'text',
    postal_code: 'text',
    country: 'text',
  },
});
