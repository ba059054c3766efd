import { reference, table } from 'healthsync/mapping';

/** Its own system knows a patient by the name, which two may share and one may change: no id is made of it. */
export const patients = table('patients', {
  key: ['_id'],
  columns: { _id: 'text', name: 'text', age: 'integer', region: 'text' },
});

/** A row for each text of a patient's history. */
export const histories = table('patients', {
  key: ['_id', 'place'],
  unwind: ['medical_history'],
  columns: { _id: 'text', place: { placeIn: 'medical_history' }, medical_history: 'text' },
});

/** The patient of the row. */
export const subject = { reference: reference('Patient', patients.id, { rows: histories, columns: ['_id'] }) };
