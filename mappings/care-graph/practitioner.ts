import type { Practitioner } from '@medplum/fhirtypes';
import { map } from 'healthsync/mapping';
import { doctors } from './source.js';

export const practitioner = map<Practitioner>('Practitioner', {
  name: 'practitioner',
  id: doctors.id,
  write: { create: 'row', key: 'client', delete: 'row' },
  to: { resourceType: 'Practitioner', name: [{ text: doctors.text('name') }] },
});
