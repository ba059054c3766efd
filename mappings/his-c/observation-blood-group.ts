import type { Observation } from '@medplum/fhirtypes';
import { map } from 'healthsync/mapping';
import { conceptMap, hl7, local, loinc } from './codes.js';
import { patients, subject } from './source.js';

export const observationBloodGroup = map<Observation>('Observation', {
  name: 'observation-blood-group',
  id: patients.facet('blood-group'),
  exists: patients.present('blood_group'),
  because: { status: 'a value in the master record is a finished one' },
  write: { create: 'columns', update: true, delete: 'columns' },
  to: {
    resourceType: 'Observation',
    status: 'final',
    category: [hl7('observation-category', 'laboratory', 'Laboratory')],
    code: loinc('882-1', 'ABO and Rh group [Type] in Blood'),
    subject,
    valueCodeableConcept: patients.concept('blood_group', {
      system: local('blood-group'),
      map: conceptMap('blood-group'),
    }),
  },
});
