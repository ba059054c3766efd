import type { ChargeItem } from '@medplum/fhirtypes';
import { and, map } from 'healthsync/mapping';
import { coded, local, sid } from './codes.js';
import { account, billed, finance } from './source.js';

type Charge = 'treatment_cost' | 'hospital_charges' | 'miscellaneous_charges';

export const hasCharge = (column: Charge) => and(finance.present('patient_id'), finance.present(column));

/** A bill has three charges, a column each. */
const charge = (column: Charge, facet: string, display: string) =>
  map<ChargeItem>('ChargeItem', {
    name: `charge-item-${facet}`,
    id: finance.facet(facet),
    exists: hasCharge(column),
    because: {
      status: 'the table holds bills: what is in it has been billed',
      code: 'each charge has a column of its own',
    },
    write: { create: 'columns', update: true, delete: 'columns', shared: ['patient_id'] },
    to: {
      resourceType: 'ChargeItem',
      identifier: [{ system: sid('record-id'), value: finance.text('record_id') }],
      status: 'billed',
      code: coded(local('charge'), column, display),
      subject: billed,
      // No currency: the source writes none.
      priceOverride: { value: finance.decimal(column) },
      account: [account],
    },
  });

export const chargeItemTreatment = charge('treatment_cost', 'treatment', 'Treatment cost');
export const chargeItemHospital = charge('hospital_charges', 'hospital', 'Hospital charges');
export const chargeItemMiscellaneous = charge('miscellaneous_charges', 'miscellaneous', 'Miscellaneous charges');
