import type { Location } from '@medplum/fhirtypes';
import { map, reference } from 'healthsync/mapping';
import { hl7 } from './codes.js';
import { beds, hospital } from './source.js';

export const location = map<Location>('Location', {
  name: 'location',
  id: beds.id,
  exists: beds.present('value'),
  because: { mode: 'the source names kinds of bed, never one bed' },
  to: {
    resourceType: 'Location',
    mode: 'kind',
    name: beds.text('value'),
    physicalType: hl7('location-physical-type', 'bd', 'Bed'),
    managingOrganization: { reference: reference('Organization', hospital) },
  },
});
