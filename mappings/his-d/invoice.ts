import type { Invoice } from '@medplum/fhirtypes';
import { map, reference, when } from 'healthsync/mapping';
import { hasCharge } from './charge-item.js';
import { extension, sid } from './codes.js';
import { account, billed, finance, hospital } from './source.js';

const status = {
  codes: { Paid: 'balanced', Unpaid: 'issued', Pending: 'issued', Partial: 'issued', Overdue: 'issued' },
  canonical: { issued: 'Pending' },
} as const;

const line = (column: 'treatment_cost' | 'hospital_charges' | 'miscellaneous_charges', facet: string) =>
  when(hasCharge(column), {
    chargeItemReference: { reference: reference('ChargeItem', finance.facet(facet)) },
    priceComponent: [{ type: 'base', amount: { value: finance.decimal(column) } }] as const,
  });

/** Sums are not served: the source holds none. */
export const invoice = map<Invoice>('Invoice', {
  name: 'invoice',
  id: finance.id,
  exists: finance.oneOf('payment_status', 'Paid', 'Unpaid', 'Pending', 'Partial', 'Overdue'),
  because: { status: 'a paid bill is balanced; one that waits for money has been issued; of another nothing is known' },
  write: {
    create: 'row',
    key: 'client',
    update: true,
    updateCreates: true,
    delete: 'row',
    // Each is written through the ChargeItem that it is.
    shared: ['treatment_cost', 'hospital_charges', 'miscellaneous_charges'],
  },
  to: {
    resourceType: 'Invoice',
    extension: [
      { url: extension('insurance-claim-amount'), valueMoney: { value: finance.decimal('insurance_claim') } },
    ],
    identifier: [{ use: 'official', system: sid('record-id'), value: finance.text('record_id') }],
    status: finance.code('payment_status', status),
    subject: billed,
    date: finance.dateTime('date'),
    issuer: { reference: reference('Organization', hospital) },
    account,
    lineItem: [
      line('treatment_cost', 'treatment'),
      line('hospital_charges', 'hospital'),
      line('miscellaneous_charges', 'miscellaneous'),
    ],
    totalPriceComponent: [
      { type: 'tax', amount: { value: finance.decimal('tax') } },
      { type: 'discount', amount: { value: finance.decimal('discount') } },
    ],
    // R4 invoice.html: "... period of payment, deductibles, methods of payment".
    paymentTerms: finance.text('payment_method'),
  },
});
