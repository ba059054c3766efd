import type { Observation } from '@medplum/fhirtypes';
import { map } from 'healthsync/mapping';
import { coded, local } from './codes.js';
import { subject, visit, visits } from './source.js';

/** What was seen at a visit, in the words of who saw it. */
export const observationFindings = map<Observation>('Observation', {
  name: 'observation-findings',
  id: visits.facet('findings'),
  exists: visits.present('observations'),
  write: { create: 'columns', update: true, delete: 'columns', shared: ['visit_date'] },
  because: { status: 'the history holds visits that have taken place' },
  to: {
    resourceType: 'Observation',
    status: 'final',
    code: coded(local('observation'), 'findings', 'Findings of a visit'),
    subject,
    encounter: visit,
    effectiveDateTime: visits.writtenDate('visit_date', 'day-first'),
    valueString: visits.text('observations'),
  },
});
