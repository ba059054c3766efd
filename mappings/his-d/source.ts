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
    location: 'text',
    contact: 'text',
    emergency_person: 'text',
    insurance_id: 'text',
    insurance_provider: 'text',
    primary_physician: 'text',
    medical_history: 'text',
    disease: 'text',
    patient_status: 'text',
    severity: 'text',
    department_admitted: 'text',
    current_department: 'text',
    bed_type: 'text',
    stage_danger: 'text',
    surgery_required: 'text',
    treatment_protocol: 'text',
    followup_date: 'date',
  },
});

export const staff = table('staff', {
  key: ['staff_id'],
  absent,
  columns: {
    staff_id: 'text',
    name: 'text',
    dob: 'date',
    gender: 'text',
    position: 'text',
    department: 'text',
    contact: 'text',
    salary: 'decimal',
    date_joined: 'date',
    specialization: 'text',
    experience_years: 'integer',
    certifications: 'text',
    shift: 'text',
    email: 'text',
    address: 'text',
    emergency_contact: 'text',
    emergency_relation: 'text',
  },
});

export const finance = table('finance', {
  key: ['record_id'],
  absent,
  columns: {
    record_id: 'text',
    patient_id: 'text',
    treatment_cost: 'decimal',
    insurance_claim: 'decimal',
    hospital_charges: 'decimal',
    miscellaneous_charges: 'decimal',
    tax: 'decimal',
    discount: 'decimal',
    payment_method: 'text',
    payment_status: 'text',
    date: 'dateTime',
  },
});

export const hospital = constant('hospital').facet('hospital');

export const departments = distinct(
  'departments',
  valuesOf(patients, 'current_department'),
  valuesOf(patients, 'department_admitted'),
  valuesOf(staff, 'department'),
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
