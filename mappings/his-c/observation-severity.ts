import type { Observation } from '@medplum/fhirtypes';
import { map } from 'healthsync/mapping';
import { coded, conceptMap, local } from './codes.js';
import { patients, subject } from './source.js';

/** The clinic grades an illness that no column names: there is no Condition to carry the grade. */
export const observationSeverity = map<Observation>('Observation', {
  name: 'observation-severity',
  id: patients.facet('severity'),
  exists: patients.present('severity'),
  because: { status: 'a value in the master record is a finished one' },
  write: { create: 'columns', update: true, delete: 'columns' },
  to: {
    resourceType: 'Observation',
    status: 'final',
    code: coded(local('observation'), 'severity', 'Severity'),
    subject,
    valueCodeableConcept: patients.concept('severity', { system: local('severity'), map: conceptMap('severity') }),
  },
});
