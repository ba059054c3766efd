import type { Observation } from '@medplum/fhirtypes';
import { map } from 'healthsync/mapping';
import { loinc, perMinute, vitalSigns } from './codes.js';
import { bodyData, bodyMeasured, measured, metrics } from './source.js';

const because = { status: 'a point is written when it has been measured' };
const code = loinc('8867-4', 'Heart rate');

export const heartRate = map<Observation>('Observation', {
  name: 'heart-rate',
  id: metrics.facet('rate'),
  exists: metrics.present('heart_rate'),
  because,
  write: { create: 'row', key: 'client', update: true },
  to: {
    resourceType: 'Observation',
    status: 'final',
    category: [vitalSigns],
    code,
    subject: measured,
    effectiveDateTime: metrics.instant('time'),
    valueQuantity: { value: metrics.decimal('heart_rate'), ...perMinute },
  },
});

export const bodyHeartRate = map<Observation>('Observation', {
  name: 'body-heart-rate',
  id: bodyData.facet('body-rate'),
  exists: bodyData.present('heart_rate'),
  because,
  write: { update: true },
  to: {
    resourceType: 'Observation',
    status: 'final',
    category: [vitalSigns],
    code,
    subject: bodyMeasured,
    effectiveDateTime: bodyData.instant('time'),
    valueQuantity: { value: bodyData.decimal('heart_rate'), ...perMinute },
  },
});
