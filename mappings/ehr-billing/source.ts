import { type ColumnDefinition, distinct, type Rows, reference, table, valuesOf } from 'healthsync/mapping';
import { patientNumber } from './codes.js';

/** Partitioned by date, so that the database keeps only number and date unique together; `admissions_non_partitioned` is its copy. */
export const admissions = table('admissions', {
  key: ['admission_id'],
  columns: {
    patient_id: 'text',
    admission_id: 'text',
    admission_date: 'date',
    discharge_date: 'date',
    reason: 'text',
    treatment: 'text',
    hospital_department: 'text',
  },
});

export const billing = table('billing', {
  key: ['bill_id'],
  columns: {
    patient_id: 'text',
    bill_id: 'text',
    admission_id: 'text',
    total_amount: 'decimal',
    paid_amount: 'decimal',
    balance_amount: 'decimal',
    payment_status: 'text',
    payment_date: 'date',
  },
});

export const departments = distinct('departments', valuesOf(admissions, 'hospital_department'));
export const department = departments.facet('dept');

/** One account for each patient who was ever billed, in the record or deleted there. */
export const accounts = distinct('accounts', valuesOf(billing, 'patient_id'));

/** The account that a bill is on. */
export const account = { reference: reference('Account', accounts.id, { rows: billing, columns: ['patient_id'] }) };

/** Patients of the record: this source holds their numbers, and nothing more of them. */
const recorded = table('patients', { key: ['patient_id'], columns: { patient_id: 'text' } });

/**
 * The patient of a row, in the record (source `ehr`). Of one who was deleted there the reference leads nowhere; the number stays.
 */
export const patientOf = <V, C extends Readonly<Record<string, ColumnDefinition>>>(
  rows: Rows<C>,
  column: keyof C & string,
  value: V,
) => ({
  type: 'Patient' as const,
  reference: reference('Patient', recorded.idIn('ehr'), { rows, columns: [column] }),
  identifier: { system: patientNumber, value },
});
