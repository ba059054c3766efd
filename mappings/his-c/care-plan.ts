import type { CarePlan } from '@medplum/fhirtypes';
import { map, or } from 'healthsync/mapping';
import { local, UCUM } from './codes.js';
import { patients, subject } from './source.js';

export const carePlan = map<CarePlan>('CarePlan', {
  name: 'care-plan',
  id: patients.facet('care-plan'),
  exists: or(
    patients.present('care_instructions'),
    patients.present('duration_days'),
    patients.present('time_bound'),
    patients.present('specialty'),
  ),
  because: {
    status: 'the source does not say whether the plan is in force: the code for that is unknown',
    intent: 'care instructions say what is intended',
    'activity.detail.status': 'as the status of the plan',
  },
  write: { create: 'columns', update: true, delete: 'columns' },
  to: {
    resourceType: 'CarePlan',
    status: 'unknown',
    intent: 'plan',
    category: [patients.concept('specialty', { system: local('specialty') })],
    subject,
    period: { end: patients.date('time_bound') },
    activity: [
      {
        detail: {
          status: 'unknown',
          scheduledTiming: {
            repeat: {
              boundsDuration: { value: patients.integer('duration_days'), unit: 'd', system: UCUM, code: 'd' },
            },
          },
          description: patients.text('care_instructions'),
        },
      },
    ],
  },
});
