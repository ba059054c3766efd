import { reference, table } from 'healthsync/mapping';

/** Texts that this source writes where it knows nothing. */
const absent = ['N/A'];

const VISITS = 'medical_records.medical_history';

export const patients = table('patients', {
  key: ['patient_id'],
  absent,
  columns: {
    patient_id: 'text',
    name: 'text',
    age: 'integer',
    gender: 'text',
    phone: { path: 'contact_details.phone', type: 'text' },
    email: { path: 'contact_details.email', type: 'text' },
    address: { path: 'contact_details.address', type: 'text' },
    _id: 'text',
    before_update: 'json',
    after_update: 'json',
  },
});

/** What every visit says, wherever it is read. */
const visitColumns = {
  patient_id: 'text',
  visit_id: { path: `${VISITS}.visit_id`, type: 'text' },
  visit_date: { path: `${VISITS}.visit_date`, type: 'text' },
} as const;

/** A row for each visit of each patient. */
export const visits = table('patients', {
  key: ['patient_id', 'visit_id'],
  absent,
  unwind: [VISITS],
  columns: {
    ...visitColumns,
    diagnosis: { path: `${VISITS}.diagnosis`, type: 'text' },
    observations: { path: `${VISITS}.observations`, type: 'text' },
  },
});

/** What was prescribed at a visit. It has no name of its own but its place in the list. */
export const medications = table('patients', {
  key: ['patient_id', 'visit_id', 'place'],
  absent,
  unwind: [VISITS, `${VISITS}.medications`],
  columns: {
    ...visitColumns,
    place: { placeIn: `${VISITS}.medications` },
    name: { path: `${VISITS}.medications.name`, type: 'text' },
    dose: { path: `${VISITS}.medications.dose`, type: 'text' },
    frequency: { path: `${VISITS}.medications.frequency`, type: 'text' },
    duration: { path: `${VISITS}.medications.duration`, type: 'text' },
  },
});

/** What was tested at a visit. */
export const tests = table('patients', {
  key: ['patient_id', 'visit_id', 'place'],
  absent,
  unwind: [VISITS, `${VISITS}.tests`],
  columns: {
    ...visitColumns,
    place: { placeIn: `${VISITS}.tests` },
    test_name: { path: `${VISITS}.tests.test_name`, type: 'text' },
    results: { path: `${VISITS}.tests.results`, type: 'text' },
    recommendations: { path: `${VISITS}.tests.recommendations`, type: 'text' },
  },
});

/** The patient of a visit, of a prescription, of a test. */
export const subject = { reference: reference('Patient', patients.id, { rows: visits, columns: ['patient_id'] }) };

/** The visit of a prescription or a test. */
export const visit = {
  reference: reference('Encounter', visits.id, { rows: visits, columns: ['patient_id', 'visit_id'] }),
};
