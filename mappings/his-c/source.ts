import { constant, distinct, reference, table, valuesOf } from 'healthsync/mapping';
import { sid } from './codes.js';

/** Texts that this source writes where it knows nothing. */
const absent = ['N/A', 'n/a', '0000-00-00'];

export const patients = table('patients', {
  key: ['patient_id'],
  absent,
  columns: {
    patient_id: 'text',
    name: 'text',
    dob: 'date',
    gender: 'text',
    blood_group: 'text',
    height_cm: 'decimal',
    weight_kg: 'decimal',
    medical_history: 'text',
    allergies: 'text',
    insurance_id: 'text',
    insurance_provider: 'text',
    primary_physician: 'text',
    specialty: 'text',
    duration_days: 'integer',
    care_instructions: 'text',
    time_bound: 'date',
    contact_phone: 'text',
    contact_email: 'text',
    emergency_person_name: 'text',
    emergency_person_relation: 'text',
    emergency_person_phone: 'text',
    department_admitted: 'text',
    current_department: 'text',
    bed_type: 'text',
    patient_status: 'text',
    severity: 'text',
  },
});

export const staff = table('staff', {
  key: ['staff_id'],
  absent,
  columns: {
    staff_id: 'text',
    name: 'text',
    role: 'text',
    specialty_assigned: 'text',
    joining_date: 'date',
    experience_years: 'integer',
    qualification: 'text',
    shift: 'text',
    contact_phone: 'text',
    contact_email: 'text',
    address: 'text',
    emergency_person_name: 'text',
    emergency_person_relation: 'text',
    emergency_person_phone: 'text',
  },
});

export const finance = table('finance', {
  key: ['transaction_id'],
  absent,
  columns: {
    transaction_id: 'text',
    patient_id: 'text',
    category: 'text',
    amount: 'decimal',
    transaction_date: 'dateTime',
    payment_method: 'text',
    insurance_claim_id: 'text',
    remarks: 'text',
    processed_by_staff_id: 'text',
  },
});

export const hospital = constant('hospital').facet('hospital');

/** Some of their names are longer than an id. */
export const departments = distinct(
  { name: 'departments', idStore: true },
  valuesOf(patients, 'current_department'),
  valuesOf(patients, 'department_admitted'),
);

/** The kinds of bed that patients lie in. */
export const beds = distinct('beds', valuesOf(patients, 'bed_type'));

/** One account for each patient who was ever billed, in the register or not. */
export const accounts = distinct('accounts', valuesOf(finance, 'patient_id'));

export const department = departments.facet('dept');

/** The patient of the row. */
export const subject = { reference: reference('Patient', patients.id) };

/** The patient of a bill; bills name patients who are not in the register. */
export const billed = {
  type: 'Patient' as const,
  reference: reference('Patient', patients.id, { rows: finance, columns: ['patient_id'] }, { ifExists: true }),
  identifier: { system: sid('patient-id'), value: finance.text('patient_id') },
};

/** The account that a bill is on. */
export const account = { reference: reference('Account', accounts.id, { rows: finance, columns: ['patient_id'] }) };
