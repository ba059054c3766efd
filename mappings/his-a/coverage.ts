import type { Coverage } from '@medplum/fhirtypes';
import { and, map } from 'healthsync/mapping';
import { patients, subject } from './source.js';

export const coverage = map<Coverage>('Coverage', {
  name: 'coverage',
  id: patients.facet('coverage'),
  exists: and(patients.present('insurance_id'), patients.present('insurance_provider')),
  because: { status: "the policy in a patient's current row is the one in force; a former one is overwritten" },
  write: { create: 'columns', update: true, delete: 'columns' },
  to: {
    resourceType: 'Coverage',
    status: 'active',
    subscriberId: patients.text('insurance_id'),
    beneficiary: subject,
    payor: [{ display: patients.text('insurance_provider') }],
  },
});
