import type { Observation } from '@medplum/fhirtypes';
import { map } from 'healthsync/mapping';
import { coded, conceptMap, local } from './codes.js';
import { patients, subject } from './source.js';

/** How every patient was graded, the healthy too, whom no Condition can tell of. */
export const observationSeverity = map<Observation>('Observation', {
  name: 'observation-severity',
  id: patients.facet('severity'),
  exists: patients.present('severity'),
  write: { create: 'columns', update: true, delete: 'columns' },
  because: { status: 'a value in the master record is a finished one' },
  to: {
    resourceType: 'Observation',
    status: 'final',
    code: coded(local('observation'), 'severity', 'Severity'),
    subject,
    valueCodeableConcept: patients.concept('severity', { system: local('severity'), map: conceptMap('severity') }),
  },
});
