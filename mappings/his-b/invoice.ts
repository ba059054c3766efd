import type { Invoice } from '@medplum/fhirtypes';
import { and, map, reference, when } from 'healthsync/mapping';
import { biller, currency, hasCharge } from './bill.js';
import { extension, sid } from './codes.js';
import { account, billed, finance, hospital } from './source.js';

const status = {
  codes: { Paid: 'balanced', Unpaid: 'issued', Pending: 'issued', Partial: 'issued', Overdue: 'issued' },
  canonical: { issued: 'Pending' },
} as const;

export const invoice = map<Invoice>('Invoice', {
  name: 'invoice',
  id: finance.id,
  exists: and(
    finance.present('transaction_id'),
    finance.oneOf('payment_status', 'Paid', 'Unpaid', 'Pending', 'Partial', 'Overdue'),
  ),
  because: { status: 'a paid bill is balanced; one that waits for money has been issued; of another nothing is known' },
  write: { create: 'row', key: 'client', update: true, updateCreates: true, delete: 'row' },
  to: {
    resourceType: 'Invoice',
    extension: [
      { url: extension('due-date'), valueDate: finance.date('due_date') },
      { url: extension('insurance-claimed'), valueBoolean: finance.boolean('insurance_claimed') },
    ],
    identifier: [
      { use: 'official', system: sid('transaction-id'), value: finance.text('transaction_id') },
      { use: 'secondary', system: sid('receipt-number'), value: finance.text('receipt_number') },
    ],
    status: finance.code('payment_status', status),
    subject: billed,
    date: finance.dateTime('billing_date'),
    participant: [{ actor: biller }],
    issuer: { reference: reference('Organization', hospital) },
    account,
    lineItem: [when(hasCharge, { chargeItemReference: { reference: reference('ChargeItem', finance.id) } })],
    totalPriceComponent: [
      { type: 'base', amount: { value: finance.decimal('amount'), currency } },
      { type: 'discount', amount: { value: finance.decimal('discount_applied'), currency } },
      { type: 'tax', amount: { value: finance.decimal('tax'), currency } },
    ],
    totalNet: { value: finance.decimal('net_amount'), currency },
    totalGross: { value: finance.decimal('total_amount'), currency },
    // R4 invoice.html: "... period of payment, deductibles, methods of payment".
    paymentTerms: finance.text('payment_method'),
  },
});
