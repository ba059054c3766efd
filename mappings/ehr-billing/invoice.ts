import type { Invoice } from '@medplum/fhirtypes';
import { map, reference } from 'healthsync/mapping';
import { extension, sid } from './codes.js';
import { account, admissions, billing, patientOf } from './source.js';

const status = {
  codes: { Paid: 'balanced', PAID: 'balanced', Pending: 'issued', Partial: 'issued', Overdue: 'issued' },
  canonical: { balanced: 'Paid', issued: 'Pending' },
} as const;

export const invoice = map<Invoice>('Invoice', {
  name: 'invoice',
  id: billing.id,
  write: { create: 'row', key: 'client', update: true, updateCreates: true, delete: 'row' },
  exists: billing.oneOf('payment_status', ...Object.keys(status.codes)),
  because: { status: 'a paid bill is balanced; one that waits for money has been issued; of another nothing is known' },
  unmapped: {
    balance_amount: 'the total less what is paid; where the stored figure differs, it is the one that is wrong',
  },
  to: {
    resourceType: 'Invoice',
    extension: [
      { url: extension('payment-date'), valueDate: billing.date('payment_date') },
      { url: extension('paid-amount'), valueMoney: { value: billing.decimal('paid_amount') } },
      {
        // The stay that the bill is for; some bills name one that nobody entered.
        url: extension('billed-encounter'),
        valueReference: {
          type: 'Encounter',
          reference: reference(
            'Encounter',
            admissions.id,
            { rows: billing, columns: ['admission_id'] },
            { ifExists: true },
          ),
          identifier: { system: sid('admission-id'), value: billing.text('admission_id') },
        },
      },
    ],
    identifier: [{ use: 'official', system: sid('bill-id'), value: billing.text('bill_id') }],
    status: billing.code('payment_status', status),
    subject: patientOf(billing, 'patient_id', billing.text('patient_id')),
    account,
    totalGross: { value: billing.decimal('total_amount') },
  },
});
