import type { Encounter } from '@medplum/fhirtypes';
import { map, reference } from 'healthsync/mapping';
import { ENCOUNTER_CLASS, extension, sid } from './codes.js';
import { admissions, department, patientOf } from './source.js';

export const encounter = map<Encounter>('Encounter', {
  name: 'encounter',
  id: admissions.id,
  write: { create: 'row', key: 'client', update: true, updateCreates: true, delete: 'row' },
  because: {
    status:
      'a stay with a discharge is over; one without goes on, or nobody wrote down its end: the code for that is unknown',
    class: 'the table holds admissions to a department: who is in it was an inpatient',
  },
  to: {
    resourceType: 'Encounter',
    // What was done, in a word: whether it is a procedure, a medication or neither is not said.
    extension: [{ url: extension('treatment'), valueString: admissions.text('treatment') }],
    identifier: [{ system: sid('admission-id'), value: admissions.text('admission_id') }],
    status: admissions.code('discharge_date', { codes: {}, otherwise: 'finished', absent: 'unknown' }),
    class: { system: ENCOUNTER_CLASS, code: 'IMP', display: 'inpatient encounter' },
    subject: patientOf(admissions, 'patient_id', admissions.text('patient_id')),
    period: { start: admissions.date('admission_date'), end: admissions.date('discharge_date') },
    reasonCode: [{ text: admissions.text('reason') }],
    serviceProvider: {
      reference: reference('Organization', department, { rows: admissions, columns: ['hospital_department'] }),
      display: admissions.text('hospital_department'),
    },
  },
});
