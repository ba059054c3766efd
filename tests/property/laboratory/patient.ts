import type { Patient } from '@medplum/fhirtypes';
import { map } from 'healthsync/mapping';
import { people } from './source.js';

export const patient = map<Patient>('Patient', {
  name: 'patient',
  id: people.id,
  lastUpdated: people.dateTime('changed'),
  to: {
    resourceType: 'Patient',
    identifier: [{ system: 'urn:laboratory:person', value: people.text('number') }],
    active: people.boolean('active'),
    name: [{ text: people.text('name') }],
    birthDate: people.date('born'),
  },
});
