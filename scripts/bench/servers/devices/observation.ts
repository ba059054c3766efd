import type { Observation } from '@medplum/fhirtypes';
import { map, reference, table } from 'healthsync/mapping';

const vitals = table('vitals', {
  key: ['time', 'patient'],
  columns: { time: 'instant', patient: 'text', pulse: 'integer' },
});
const patients = table('patients', { key: ['id'], columns: { id: 'text' } });

export const observation = map<Observation>('Observation', {
  name: 'pulse',
  id: vitals.id,
  because: { status: 'a point is written when it is measured' },
  to: {
    resourceType: 'Observation',
    status: 'final',
    code: { coding: [{ system: 'http://loinc.org', code: '8867-4', display: 'Heart rate' }] },
    subject: { reference: reference('Patient', patients.idIn('clinic'), { rows: vitals, columns: ['patient'] }) },
    effectiveDateTime: vitals.instant('time'),
    valueQuantity: {
      value: vitals.decimal('pulse'),
      unit: 'beats/minute',
      system: 'http://unitsofmeasure.org',
      code: '/min',
    },
  },
});
