import type { Account } from '@medplum/fhirtypes';
import { map } from 'healthsync/mapping';
import { accounts, patientOf } from './source.js';

export const account = map<Account>('Account', {
  name: 'account',
  id: accounts.id,
  exists: accounts.present('value'),
  because: {
    status: 'the source says which bills are paid, not whether the account is open: the code for that is unknown',
  },
  to: { resourceType: 'Account', status: 'unknown', subject: [patientOf(accounts, 'value', accounts.text('value'))] },
});
