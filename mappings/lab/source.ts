import { distinct, reference, table, valuesOf } from 'healthsync/mapping';
import { registryNumber } from './codes.js';

/** Texts that this source writes where it knows nothing. */
const absent = ['N/A'];

const reportColumns = {
  _id: 'text',
  record_id: 'integer',
  full_name: 'text',
  test_name: 'text',
  test_date: 'text',
} as const;

export const reports = table('Lab_result', {
  key: ['_id'],
  absent,
  columns: {
    ...reportColumns,
    lab_name: 'text',
    doctor_name: 'text',
    comments: 'text',
    creation_date: 'dateTime',
  },
});

/** The doctors who read results. The laboratory knows them by name: two of one name are one to it. */
export const doctors = distinct({ name: 'doctors', idStore: true }, valuesOf(reports, 'doctor_name'));

/**
 * A row for each result of a report: `test_results` is an object, JSON text or the text of a Python dict. A text that is none of
 * them is one row without a name.
 */
export const results = table('Lab_result', {
  key: ['_id', 'place'],
  absent,
  unwind: ['test_results.$members'],
  columns: {
    ...reportColumns,
    place: { placeIn: 'test_results.$members' },
    name: { path: 'test_results.$members.name', type: 'text' },
    value: { path: 'test_results.$members.value', type: 'text' },
  },
});

/** The registry's patients, whose numbers the laboratory keeps. */
const registered = table('patient_registry', { key: ['id'], columns: { id: 'integer' } });

/** The patient by number: every report, whether or not the name beside it is spelt as the registry spells it. */
export const subject = {
  type: 'Patient' as const,
  reference: reference('Patient', registered.idIn('registry'), { rows: reports, columns: ['record_id'] }),
  identifier: { system: registryNumber, value: reports.text('record_id') },
  display: reports.text('full_name'),
};
