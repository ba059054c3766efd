import type { Encounter } from '@medplum/fhirtypes';
import { and, map, or, reference } from 'healthsync/mapping';
import { ENCOUNTER_CLASS, extension, local } from './codes.js';
import { beds, department, patients, subject } from './source.js';

/** `patient_status` holds the state of the stay and the state of the patient in one column; what it leaves open is `unknown`. */
const status = {
  codes: {
    Admitted: 'in-progress',
    'Under Treatment': 'in-progress',
    Observation: 'in-progress',
    Critical: 'in-progress',
    Discharged: 'finished',
  },
  canonical: { 'in-progress': 'Admitted' },
  otherwise: 'unknown',
} as const;

const visitClass = { codes: { Outpatient: 'AMB' }, otherwise: 'IMP' };

export const hasEncounter = or(
  patients.oneOf('patient_status', 'Outpatient'),
  and(patients.present('patient_status'), or(patients.present('bed_type'), patients.present('department_admitted'))),
);

export const encounter = map<Encounter>('Encounter', {
  name: 'encounter',
  id: patients.facet('encounter'),
  exists: hasEncounter,
  because: {
    class: 'a bed or a department of admission makes an inpatient (IMP), the status Outpatient an outpatient (AMB)',
  },
  write: { create: 'columns', update: true, delete: 'columns', shared: ['patient_status'] },
  to: {
    resourceType: 'Encounter',
    extension: [
      {
        // Encounter has the department of today (serviceProvider), none for the one of admission.
        url: extension('admitting-department'),
        valueReference: {
          reference: reference('Organization', department, { rows: patients, columns: ['department_admitted'] }),
          display: patients.text('department_admitted'),
        },
      },
    ],
    status: patients.code('patient_status', status),
    class: { system: ENCOUNTER_CLASS, code: patients.code('patient_status', visitClass) },
    serviceType: patients.concept('current_department', { system: local('department') }),
    subject,
    location: [
      {
        location: {
          reference: reference('Location', beds.id, { rows: patients, columns: ['bed_type'] }),
          display: patients.text('bed_type'),
        },
      },
    ],
    serviceProvider: {
      reference: reference('Organization', department, { rows: patients, columns: ['current_department'] }),
      display: patients.text('current_department'),
    },
  },
});
