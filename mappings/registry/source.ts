import { reference, table } from 'healthsync/mapping';

/** Texts that this source writes where it knows nothing. */
const absent = ['N/A', '0000-00-00'];

/**
 * All that the registry knows of a patient: neither doctors nor visits, so no Practitioner and no Encounter. Its other table,
 * `patient_changes`, is a queue without a key, of rows as they were: nothing of it is a resource.
 */
export const patients = table('patient_registry', {
  key: ['id'],
  absent,
  columns: {
    id: 'integer',
    first_name: 'text',
    last_name: 'text',
    dob: 'date',
    gender: 'text',
    contact_number: 'text',
    email_id: 'text',
    emergency_contact: 'text',
    severity: 'text',
  },
});

/** The patient of the row. */
export const subject = { reference: reference('Patient', patients.id) };
