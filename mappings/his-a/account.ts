import type { Account } from '@medplum/fhirtypes';
import { map, reference } from 'healthsync/mapping';
import { sid } from './codes.js';
import { accounts, hospital, patients } from './source.js';

export const account = map<Account>('Account', {
  name: 'account',
  id: accounts.id,
  exists: accounts.present('value'),
  because: {
    status: 'the source says which bills are paid, not whether the account is open: the code for that is unknown',
  },
  to: {
    resourceType: 'Account',
    status: 'unknown',
    subject: [
      {
        type: 'Patient',
        reference: reference('Patient', patients.id, { rows: accounts, columns: ['value'] }, { ifExists: true }),
        identifier: { system: sid('patient-id'), value: accounts.text('value') },
      },
    ],
    owner: { reference: reference('Organization', hospital) },
  },
});
