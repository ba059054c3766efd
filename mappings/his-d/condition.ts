import type { Condition } from '@medplum/fhirtypes';
import { map, reference, when } from 'healthsync/mapping';
import { conceptMap, hl7, local } from './codes.js';
import { hasEncounter } from './encounter.js';
import { patients, subject } from './source.js';

/** The text None says that nothing is known, as an empty column does. */
const none = { absent: ['None'] };

export const conditionDisease = map<Condition>('Condition', {
  name: 'condition-disease',
  id: patients.facet('disease'),
  exists: patients.present('disease', none),
  because: {
    clinicalStatus: 'who is admitted, under treatment or critical has the disease still; who recovered has it no more',
    category: 'the disease stands beside the stay that it led to',
  },
  write: { create: 'columns', update: true, delete: 'columns' },
  to: {
    resourceType: 'Condition',
    clinicalStatus: {
      coding: [
        when(patients.oneOf('patient_status', 'Admitted', 'Under Treatment', 'Critical'), {
          system: 'http://terminology.hl7.org/CodeSystem/condition-clinical',
          code: 'active',
        }),
        when(patients.oneOf('patient_status', 'Recovered'), {
          system: 'http://terminology.hl7.org/CodeSystem/condition-clinical',
          code: 'resolved',
        }),
      ],
    },
    category: [when(hasEncounter, hl7('condition-category', 'encounter-diagnosis', 'Encounter Diagnosis'))],
    severity: patients.concept('severity', { system: local('severity'), map: conceptMap('severity') }),
    code: patients.concept('disease', { system: local('disease'), map: conceptMap('disease') }, none),
    subject,
    encounter: when(hasEncounter, { reference: reference('Encounter', patients.facet('encounter')) }),
    stage: [{ summary: { text: patients.text('stage_danger') } }],
  },
});

/** What the patient had before: whether it lasts is not said, so neither status nor category is. */
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
