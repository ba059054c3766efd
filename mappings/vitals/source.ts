import { linked, table } from 'healthsync/mapping';
import { sid } from './codes.js';

/* A point is named by its time and its tag, which is the patient's name, and a name may be no part of an id: their ids are stored. */

/** What devices write: the blood pressure is one text. */
export const metrics = table('health_metrics', {
  key: ['time', 'patient'],
  idStore: true,
  columns: { time: 'instant', patient: 'text', heart_rate: 'decimal', blood_pressure: 'text' },
});

/** What its own report reads: the blood pressure is two fields. */
export const bodyData = table('body_data', {
  key: ['time', 'patient'],
  idStore: true,
  columns: { time: 'instant', patient: 'text', heart_rate: 'decimal', systolic: 'decimal', diastolic: 'decimal' },
});

/**
 * The patient by the name that the device was given. Which patient it is only a link says: no other source is asked, two may bear
 * the name.
 */
const patientName = sid('patient-name');
const named = (rows: typeof metrics | typeof bodyData) => ({
  type: 'Patient' as const,
  reference: linked('Patient', patientName, rows as typeof metrics, 'patient'),
  identifier: { system: patientName, value: rows.text('patient') },
  display: rows.text('patient'),
});

export const measured = named(metrics);
export const bodyMeasured = named(bodyData);
