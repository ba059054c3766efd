import type { Encounter } from '@medplum/fhirtypes';
import { map, reference, when } from 'healthsync/mapping';
import { ENCOUNTER_CLASS } from './codes.js';
import { hasDiagnosis } from './condition.js';
import { subject, visits } from './source.js';

export const encounter = map<Encounter>('Encounter', {
  name: 'encounter',
  id: visits.id,
  // A visit has its number in its id alone: it is made by a PUT.
  write: { create: 'row', key: 'client', update: true, updateCreates: true, delete: 'row' },
  because: {
    status: 'the history holds visits that have taken place',
    class: 'a visit of the history is ambulatory (AMB): admissions are kept in another system',
  },
  to: {
    resourceType: 'Encounter',
    status: 'finished',
    class: { system: ENCOUNTER_CLASS, code: 'AMB' },
    subject,
    period: { start: visits.writtenDate('visit_date', 'day-first') },
    diagnosis: [
      when(hasDiagnosis, {
        condition: { reference: reference('Condition', visits.facet('diagnosis')) },
      }),
    ],
  },
});
