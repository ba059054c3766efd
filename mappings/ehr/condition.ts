import type { Condition } from '@medplum/fhirtypes';
import { map } from 'healthsync/mapping';
import { conceptMap, hl7, local } from './codes.js';
import { subject, visit, visits } from './source.js';

/** The text None says that nothing was found, as an empty one does. */
const none = { absent: ['None'] };

export const hasDiagnosis = visits.present('diagnosis', none);

/** What was found at a visit: whether it lasts is not said. */
export const condition = map<Condition>('Condition', {
  name: 'condition',
  id: visits.facet('diagnosis'),
  exists: hasDiagnosis,
  write: { create: 'columns', update: true, delete: 'columns', shared: ['visit_date'] },
  because: { category: 'the diagnosis stands in the visit that it was made at' },
  to: {
    resourceType: 'Condition',
    category: [hl7('condition-category', 'encounter-diagnosis', 'Encounter Diagnosis')],
    code: visits.concept('diagnosis', { system: local('diagnosis'), map: conceptMap('diagnosis') }, none),
    subject,
    encounter: visit,
    recordedDate: visits.writtenDate('visit_date', 'day-first'),
  },
});
