import type { Observation } from '@medplum/fhirtypes';
import { map } from 'healthsync/mapping';
import { hl7, loinc, UCUM } from './codes.js';
import { patients, subject } from './source.js';

export const observationHeight = map<Observation>('Observation', {
  name: 'observation-height',
  id: patients.facet('height'),
  exists: patients.present('height_cm'),
  because: { status: 'a value in the master record is a finished one' },
  write: { create: 'columns', update: true, delete: 'columns' },
  to: {
    resourceType: 'Observation',
    status: 'final',
    category: [hl7('observation-category', 'vital-signs', 'Vital Signs')],
    code: loinc('8302-2', 'Body height'),
    subject,
    valueQuantity: { value: patients.decimal('height_cm'), unit: 'cm', system: UCUM, code: 'cm' },
  },
});
