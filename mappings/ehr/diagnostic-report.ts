import type { DiagnosticReport } from '@medplum/fhirtypes';
import { map, reference } from 'healthsync/mapping';
import { conceptMap, local } from './codes.js';
import { hasResults } from './observation-result.js';
import { subject, tests, visit } from './source.js';

/** A test, its results, and what is recommended in their light. */
export const diagnosticReport = map<DiagnosticReport>('DiagnosticReport', {
  name: 'diagnostic-report',
  id: tests.id,
  exists: hasResults,
  write: { update: true, shared: ['visit_date'] },
  because: { status: 'results that were entered are finished ones' },
  to: {
    resourceType: 'DiagnosticReport',
    status: 'final',
    code: tests.concept('test_name', { system: local('test'), map: conceptMap('test') }),
    subject,
    encounter: visit,
    effectiveDateTime: tests.writtenDate('visit_date', 'day-first'),
    result: [{ reference: reference('Observation', tests.facet('result')) }],
    conclusion: tests.text('recommendations'),
  },
});
