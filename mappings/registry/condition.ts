import type { Condition } from '@medplum/fhirtypes';
import { and, map, not } from 'healthsync/mapping';
import { conceptMap, local } from './codes.js';
import { patients, subject } from './source.js';

/** Somebody who is not healthy has some illness: of which kind the registry does not say, only how grave it is. */
export const condition = map<Condition>('Condition', {
  name: 'condition',
  id: patients.facet('severity'),
  exists: and(patients.present('severity'), not(patients.oneOf('severity', 'healthy', 'Healthy', 'HEALTHY'))),
  write: { create: 'columns', update: true, delete: 'columns', together: ['severity'] },
  to: {
    resourceType: 'Condition',
    severity: patients.concept('severity', { system: local('severity'), map: conceptMap('severity') }),
    subject,
  },
});
