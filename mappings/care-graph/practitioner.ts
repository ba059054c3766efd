import type { Practitioner } from '@medplum/fhirtypes';
import { map } from 'healthsync/mapping';
import { doctors, type NodeIds } from './source.js';

export const practitionerBy = ({ doctor }: NodeIds) =>
  map<Practitioner>('Practitioner', {
    name: 'practitioner',
    id: doctor,
    to: { resourceType: 'Practitioner', name: [{ text: doctors.text('name') }] },
  });
