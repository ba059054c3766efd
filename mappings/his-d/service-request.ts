import type { ServiceRequest } from '@medplum/fhirtypes';
import { map, reference, when } from 'healthsync/mapping';
import { coded, SNOMED } from './codes.js';
import { patients, subject } from './source.js';

const intent = { codes: { Yes: 'plan', 'Under Consideration': 'proposal' } } as const;

/** `surgery_required`: Yes is a plan without an order, Under Consideration a proposal, No no request. */
export const serviceRequest = map<ServiceRequest>('ServiceRequest', {
  name: 'service-request',
  id: patients.facet('surgery'),
  exists: patients.oneOf('surgery_required', 'Yes', 'Under Consideration'),
  because: {
    status: 'the column says what is required now',
    code: 'the column is about surgery and names no operation',
  },
  write: { create: 'columns', update: true, delete: 'columns' },
  to: {
    resourceType: 'ServiceRequest',
    status: 'active',
    intent: patients.code('surgery_required', intent),
    code: coded(SNOMED, '387713003', 'Surgical procedure'),
    subject,
    reasonReference: [
      when(patients.present('disease', { absent: ['None'] }), {
        reference: reference('Condition', patients.facet('disease')),
      }),
    ],
  },
});
