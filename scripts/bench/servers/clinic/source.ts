import { table } from 'healthsync/mapping';

export const system = 'https://healthsync.dev/fhir/sid/bench/patient';

export const patients = table('patients', {
  key: ['id'],
  columns: { id: 'text', family: 'text', given: 'text', sex: 'text', birth_date: 'date', city: 'text', phone: 'text' },
});
