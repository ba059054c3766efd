import type { Observation } from '@medplum/fhirtypes';
import { map } from 'healthsync/mapping';
import { hl7, loinc, UCUM } from './codes.js';
import { patients, subject } from './source.js';

export const observationWeight = map<Observation>('Observation', {
  name: 'observation-weight',
  id: patients.facet('weight'),
  exists: patients.present('weight_kg'),
  because: { status: 'a value in the master record is a finished one' },
  write: { create: 'columns', update: true, delete: 'columns' },
  to: {
    resourceType: 'Observation',
    status: 'final',
    category: [hl7('observation-category', 'vital-signs', 'Vital Signs')],
    code: loinc('29463-7', 'Body weight'),
    subject,
    valueQuantity: { value: patients.decimal('weight_kg'), unit: 'kg', system: UCUM, code: 'kg' },
  },
});
