import type { ChargeItem } from '@medplum/fhirtypes';
import { and, map, reference } from 'healthsync/mapping';
import { extension, local, sid } from './codes.js';
import { account, billed, finance, staff } from './source.js';

/** The clinic keeps payments without a payment status, and an Invoice needs one: what was charged is served, an Invoice is not. */
export const chargeItem = map<ChargeItem>('ChargeItem', {
  name: 'charge-item',
  id: finance.id,
  exists: and(finance.present('patient_id'), finance.present('category')),
  because: { status: 'the table holds transactions: what is in it has been billed' },
  write: { create: 'row', key: 'client', update: true, updateCreates: true, delete: 'row' },
  to: {
    resourceType: 'ChargeItem',
    extension: [{ url: extension('payment-method'), valueString: finance.text('payment_method') }],
    identifier: [{ system: sid('transaction-id'), value: finance.text('transaction_id') }],
    status: 'billed',
    code: finance.concept('category', { system: local('category') }),
    subject: billed,
    // No currency: the source writes none.
    priceOverride: { value: finance.decimal('amount') },
    enterer: {
      type: 'Practitioner',
      reference: reference(
        'Practitioner',
        staff.id,
        { rows: finance, columns: ['processed_by_staff_id'] },
        { ifExists: true },
      ),
      identifier: { system: sid('staff-id'), value: finance.text('processed_by_staff_id') },
    },
    enteredDate: finance.dateTime('transaction_date'),
    account: [account],
    note: [{ text: finance.text('remarks') }],
    supportingInformation: [
      { type: 'Claim', identifier: { system: sid('insurance-claim-id'), value: finance.text('insurance_claim_id') } },
    ],
  },
});
