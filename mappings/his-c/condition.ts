import type { Condition } from '@medplum/fhirtypes';
import { map } from 'healthsync/mapping';
import { conceptMap, local } from './codes.js';
import { patients, subject } from './source.js';

/** The text None says that nothing is known, as an empty column does. */
const none = { absent: ['None'] };

/**
 * What the patient had before: whether it lasts is not said, so neither status nor category is. What brings the patient to
 * the clinic has no column; how severe it is, is an Observation.
 */
export const conditionHistory = map<Condition>('Condition', {
  name: 'condition-history',
  id: patients.facet('history'),
  exists: patients.present('medical_history', none),
  write: { create: 'columns', update: true, delete: 'columns' },
  to: {
    resourceType: 'Condition',
    code: patients.concept(
      'medical_history',
      { system: local('medical-history'), map: conceptMap('medical-history') },
      none,
    ),
    subject,
  },
});
