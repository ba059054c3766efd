import type { DiagnosticReport } from '@medplum/fhirtypes';
import { map, or, reference, when } from 'healthsync/mapping';
import { hl7, loinc } from './codes.js';
import { patients, subject } from './source.js';

/** The blood results that a patient's record holds together. */
export const diagnosticReport = map<DiagnosticReport>('DiagnosticReport', {
  name: 'diagnostic-report',
  id: patients.facet('blood-results'),
  exists: or(patients.present('hb'), patients.present('blood_group')),
  because: { status: 'results in the master record are finished ones' },
  to: {
    resourceType: 'DiagnosticReport',
    status: 'final',
    category: [hl7('v2-0074', 'LAB', 'Laboratory')],
    code: loinc('11502-2', 'Laboratory report'),
    subject,
    result: [
      when(patients.present('hb'), { reference: reference('Observation', patients.facet('haemoglobin')) }),
      when(patients.present('blood_group'), { reference: reference('Observation', patients.facet('blood-group')) }),
    ],
  },
});
