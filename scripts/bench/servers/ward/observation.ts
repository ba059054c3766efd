import type { Observation } from '@medplum/fhirtypes';
import { map, reference, table } from 'healthsync/mapping';

const observations = table('observations', {
  key: ['id'],
  columns: { id: 'integer', patient_id: 'text', code: 'text', value: 'integer', taken: 'date' },
});
/** The patients of the clinic, whose numbers the ward holds. */
const patients = table('patients', { key: ['id'], columns: { id: 'text' } });

export const observation = map<Observation>('Observation', {
  name: 'observation',
  id: observations.id,
  because: { status: 'a row is written when it is measured' },
  to: {
    resourceType: 'Observation',
    status: 'final',
    code: { coding: [{ system: 'http://loinc.org', code: observations.text('code') }] },
    subject: {
      reference: reference('Patient', patients.idIn('clinic'), { rows: observations, columns: ['patient_id'] }),
    },
    effectiveDateTime: observations.date('taken'),
    valueQuantity: {
      value: observations.decimal('value'),
      unit: 'cm',
      system: 'http://unitsofmeasure.org',
      code: 'cm',
    },
  },
});
