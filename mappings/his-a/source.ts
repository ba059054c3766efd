import { constant, distinct, reference, table, valuesOf } from 'healthsync/mapping';
import { sid } from './codes.js';

/** Texts that this source writes where it knows nothing. */
const absent = ['N/A', 'n/a', '0000-00-00'];

export const patients = table('patients', {
  key: ['patient_id'],
  absent,
  columns: {
    patient_id: 'text',
    first_name: 'text',
    last_name: 'text',
    dob: 'date',
    gender: 'text',
    blood_group: 'text',
    height_cm: 'decimal',
    weight_kg: 'decimal',
    country: 'text',
    state: 'text',
    city: 'text',
    postal_code: 'text',
    phone: 'text',
    email: 'text',
    emergency_contact_name: 'text',
    emergency_contact_relation: 'text',
    emergency_contact_phone: 'text',
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
  },
});

export const staff = table('staff', {
  key: ['staff_id'],
  absent,
  columns: {
    staff_id: 'text',
    first_name: 'text',
    last_name: 'text',
    dob: 'date',
    gender: 'text',
    department: 'text',
    designation: 'text',
    joining_date: 'date',
    salary: 'decimal',
    phone: 'text',
    email: 'text',
    address_line1: 'text',
    address_line2: 'text',
    city: 'text',
    state: 'text',
    country: 'text',
    postal_code: 'text',
    emergency_contact_name: 'text',
    emergency_contact_relation: 'text',
    emergency_contact_phone: 'text',
    work_shift: 'text',
  },
});

export const finance = table('finance', {
  key: ['transaction_id'],
  absent,
  columns: {
    transaction_id: 'text',
    patient_id: 'text',
    billing_date: 'dateTime',
    amount: 'decimal',
    currency: 'text',
    payment_method: 'text',
    insurance_claimed: 'boolean',
    insurance_id: 'text',
    insurance_provider: 'text',
    service_code: 'text',
    service_description: 'text',
    department: 'text',
    staff_id: 'text',
    discount_applied: 'decimal',
    net_amount: 'decimal',
    tax: 'decimal',
    total_amount: 'decimal',
    payment_status: 'text',
    due_date: 'date',
    receipt_number: 'text',
  },
});

export const hospital = constant('hospital').facet('hospital');

export const departments = distinct(
  'departments',
  valuesOf(patients, 'current_department'),
  valuesOf(patients, 'department_admitted'),
  valuesOf(staff, 'department'),
  valuesOf(finance, 'department'),
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
