import type { Condition } from '@medplum/fhirtypes';
import { map } from 'healthsync/mapping';
import { conceptMap, local } from './codes.js';
import { histories, subject } from './source.js';

/** The text None says that nothing is known, as an empty one does. */
const none = { absent: ['None'] };

/** What the patient had before: whether it lasts is not said, so neither status nor category is. */
export const condition = map<Condition>('Condition', {
  name: 'condition',
  id: histories.facet('history'),
  exists: histories.present('medical_history', none),
  // One that goes leaves its place empty, for those behind it are known by theirs.
  write: { create: 'row', key: 'source', update: true, delete: 'columns' },
  to: {
    resourceType: 'Condition',
    code: histories.concept(
      'medical_history',
      { system: local('medical-history'), map: conceptMap('medical-history') },
      none,
    ),
    subject,
  },
});
