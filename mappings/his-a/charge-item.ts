import type { ChargeItem } from '@medplum/fhirtypes';
import { map } from 'healthsync/mapping';
import { biller, billingDepartment, currency, hasCharge, service } from './bill.js';
import { sid } from './codes.js';
import { account, billed, finance } from './source.js';

export const chargeItem = map<ChargeItem>('ChargeItem', {
  name: 'charge-item',
  id: finance.id,
  exists: hasCharge,
  because: { status: 'the table holds bills: what is in it has been billed' },
  write: {
    create: 'columns',
    update: true,
    delete: 'columns',
    shared: ['patient_id', 'staff_id', 'net_amount', 'currency'],
  },
  to: {
    resourceType: 'ChargeItem',
    identifier: [{ system: sid('transaction-id'), value: finance.text('transaction_id') }],
    status: 'billed',
    code: service,
    subject: billed,
    performer: [{ actor: biller }],
    performingOrganization: billingDepartment,
    priceOverride: { value: finance.decimal('net_amount'), currency },
    account: [account],
    // The policy that the bill names.
    supportingInformation: [
      {
        type: 'Coverage',
        identifier: { system: sid('insurance-id'), value: finance.text('insurance_id') },
        display: finance.text('insurance_provider'),
      },
    ],
  },
});
