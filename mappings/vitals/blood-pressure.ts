import type { Observation } from '@medplum/fhirtypes';
import { map, not, or, when } from 'healthsync/mapping';
import { loinc, mmHg, vitalSigns } from './codes.js';
import { bodyData, bodyMeasured, measured, metrics } from './source.js';

const because = { status: 'a point is written when it has been measured' };
const panel = loinc('85354-9', 'Blood pressure panel with all children optional');
const systolic = loinc('8480-6', 'Systolic blood pressure');
const diastolic = loinc('8462-4', 'Diastolic blood pressure');

/** `blood_pressure` holds "systolic/diastolic" in millimetres of mercury. */
const first = { part: { separator: '/', count: 2, index: 0 } };
const second = { part: { separator: '/', count: 2, index: 1 } };

export const bloodPressure = map<Observation>('Observation', {
  name: 'blood-pressure',
  id: metrics.facet('pressure'),
  exists: metrics.present('blood_pressure'),
  because,
  write: { create: 'row', key: 'client', update: true },
  to: {
    resourceType: 'Observation',
    status: 'final',
    category: [vitalSigns],
    code: panel,
    subject: measured,
    effectiveDateTime: metrics.instant('time'),
    // A text that is not two numbers is shown as written.
    valueString: when(
      or(not(metrics.numeric('blood_pressure', first)), not(metrics.numeric('blood_pressure', second))),
      metrics.text('blood_pressure'),
    ),
    component: [
      { code: systolic, valueQuantity: { value: metrics.decimal('blood_pressure', first), ...mmHg } },
      { code: diastolic, valueQuantity: { value: metrics.decimal('blood_pressure', second), ...mmHg } },
    ],
  },
});

export const bodyBloodPressure = map<Observation>('Observation', {
  name: 'body-blood-pressure',
  id: bodyData.facet('body-pressure'),
  exists: or(bodyData.present('systolic'), bodyData.present('diastolic')),
  because,
  write: { update: true },
  to: {
    resourceType: 'Observation',
    status: 'final',
    category: [vitalSigns],
    code: panel,
    subject: bodyMeasured,
    effectiveDateTime: bodyData.instant('time'),
    component: [
      { code: systolic, valueQuantity: { value: bodyData.decimal('systolic'), ...mmHg } },
      { code: diastolic, valueQuantity: { value: bodyData.decimal('diastolic'), ...mmHg } },
    ],
  },
});
