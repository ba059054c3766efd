import type { DiagnosticReport } from '@medplum/fhirtypes';
import { each, map, reference, when } from 'healthsync/mapping';
import { hl7, local } from './codes.js';
import { isNamed, isText } from './observation.js';
import { doctors, reports, results, subject } from './source.js';

export const diagnosticReport = map<DiagnosticReport>('DiagnosticReport', {
  name: 'diagnostic-report',
  id: reports.id,
  // Its results would go with it unseen: it is not deleted.
  write: { create: 'row', key: 'source', update: true },
  because: { status: 'the laboratory stores a report when it is done' },
  to: {
    resourceType: 'DiagnosticReport',
    status: 'final',
    category: [hl7('v2-0074', 'LAB', 'Laboratory')],
    code: reports.concept('test_name', { system: local('test') }),
    subject,
    effectiveDateTime: reports.writtenDate('test_date', 'day-first'),
    issued: reports.dateTime('creation_date'),
    performer: [{ display: reports.text('lab_name') }],
    resultsInterpreter: [
      {
        reference: reference('Practitioner', doctors.id, { rows: reports, columns: ['doctor_name'] }),
        display: reports.text('doctor_name'),
      },
    ],
    result: [
      each(results, { _id: '_id' }, when(isNamed, { reference: reference('Observation', results.id) })),
      each(results, { _id: '_id' }, when(isText, { reference: reference('Observation', results.facet('text')) })),
    ],
    conclusion: reports.text('comments'),
  },
});
