import type { Observation } from '@medplum/fhirtypes';
import { map, not, when } from 'healthsync/mapping';
import { hl7, loinc, UCUM } from './codes.js';
import { patients, subject } from './source.js';

/** `bp` holds "systolic/diastolic" in millimetres of mercury. */
const systolic = { part: { separator: '/', count: 2, index: 0 } };
const diastolic = { part: { separator: '/', count: 2, index: 1 } };
const mmHg = { unit: 'mmHg', system: UCUM, code: 'mm[Hg]' };

export const observationBloodPressure = map<Observation>('Observation', {
  name: 'observation-blood-pressure',
  id: patients.facet('blood-pressure'),
  exists: patients.present('bp'),
  because: { status: 'a value in the master record is a finished one' },
  write: { create: 'columns', update: true, delete: 'columns' },
  to: {
    resourceType: 'Observation',
    status: 'final',
    category: [hl7('observation-category', 'vital-signs', 'Vital Signs')],
    code: loinc('85354-9', 'Blood pressure panel with all children optional'),
    subject,
    // A text that is not two numbers is shown as written.
    valueString: when(not(patients.present('bp', systolic)), patients.text('bp')),
    component: [
      {
        code: loinc('8480-6', 'Systolic blood pressure'),
        valueQuantity: { value: patients.decimal('bp', systolic), ...mmHg },
      },
      {
        code: loinc('8462-4', 'Diastolic blood pressure'),
        valueQuantity: { value: patients.decimal('bp', diastolic), ...mmHg },
      },
    ],
  },
});
