import type { AllergyIntolerance } from '@medplum/fhirtypes';
import { map } from 'healthsync/mapping';
import { conceptMap, hl7, local } from './codes.js';
import { patients, subject } from './source.js';

/** None in this column may be "no allergy known" or "not asked": no resource is made of it. */
const none = { absent: ['None'] };

export const allergyIntolerance = map<AllergyIntolerance>('AllergyIntolerance', {
  name: 'allergy-intolerance',
  id: patients.facet('allergy'),
  exists: patients.present('allergies', none),
  because: { clinicalStatus: 'the record lists the allergies that the patient has' },
  write: { create: 'columns', update: true, delete: 'columns' },
  to: {
    resourceType: 'AllergyIntolerance',
    clinicalStatus: hl7('allergyintolerance-clinical', 'active', 'Active'),
    code: patients.concept('allergies', { system: local('allergies'), map: conceptMap('allergies') }, none),
    patient: subject,
  },
});
