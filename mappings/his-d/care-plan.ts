import type { CarePlan } from '@medplum/fhirtypes';
import { map, or, reference, when } from 'healthsync/mapping';
import { local } from './codes.js';
import { patients, subject } from './source.js';

const none = { absent: ['None'] };

export const carePlan = map<CarePlan>('CarePlan', {
  name: 'care-plan',
  id: patients.facet('care-plan'),
  exists: or(patients.present('treatment_protocol', none), patients.present('followup_date')),
  because: {
    status: 'the source does not say whether the plan is in force: the code for that is unknown',
    intent: 'a protocol and a date to come say what is intended',
    'activity.detail.status': 'as the status of the plan',
  },
  write: { create: 'columns', update: true, delete: 'columns' },
  to: {
    resourceType: 'CarePlan',
    status: 'unknown',
    intent: 'plan',
    subject,
    addresses: [
      when(patients.present('disease', none), {
        reference: reference('Condition', patients.facet('disease')),
      }),
    ],
    activity: [
      {
        detail: {
          code: patients.concept('treatment_protocol', { system: local('treatment-protocol') }, none),
          status: 'unknown',
        },
      },
      {
        detail: {
          code: { text: 'Follow-up' },
          status: 'unknown',
          scheduledTiming: { event: [patients.date('followup_date')] },
        },
      },
    ],
  },
});
