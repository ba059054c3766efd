import type { Observation } from '@medplum/fhirtypes';
import { map } from 'healthsync/mapping';
import { hl7, loinc, UCUM } from './codes.js';
import { patients, subject } from './source.js';

export const observationHaemoglobin = map<Observation>('Observation', {
  name: 'observation-haemoglobin',
  id: patients.facet('haemoglobin'),
  exists: patients.present('hb'),
  because: {
    status: 'a value in the master record is a finished one',
    valueQuantity: 'the source writes no unit; its haemoglobin is charted in g/dL',
  },
  write: { create: 'columns', update: true, delete: 'columns' },
  to: {
    resourceType: 'Observation',
    status: 'final',
    category: [hl7('observation-category', 'laboratory', 'Laboratory')],
    code: loinc('718-7', 'Hemoglobin [Mass/volume] in Blood'),
    subject,
    valueQuantity: { value: patients.decimal('hb'), unit: 'g/dL', system: UCUM, code: 'g/dL' },
  },
});
