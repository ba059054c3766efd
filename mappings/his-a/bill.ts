import { and, not, or, ownCode, reference, when } from 'healthsync/mapping';
import { local, sid } from './codes.js';
import { department, finance, staff } from './source.js';

/** What was charged: the source's own code and words for it. */
export const service = {
  coding: [
    {
      system: local('service'),
      code: finance.col('service_code', ownCode),
      display: finance.text('service_description'),
    },
    // Without a description the code is all there is to show, and it may not have a code's form.
    when(not(finance.present('service_description')), { display: finance.text('service_code') }),
  ],
  text: finance.text('service_description'),
};

export const hasCharge = and(
  finance.present('patient_id'),
  or(finance.present('service_code'), finance.present('service_description')),
);

/** The staff member on a bill; bills name staff who are not in the register. */
export const biller = {
  type: 'Practitioner' as const,
  reference: reference('Practitioner', staff.id, { rows: finance, columns: ['staff_id'] }, { ifExists: true }),
  identifier: { system: sid('staff-id'), value: finance.text('staff_id') },
};

export const billingDepartment = {
  reference: reference('Organization', department, { rows: finance, columns: ['department'] }),
  display: finance.text('department'),
};

/** ISO 4217 codes; another text is no currency and is reported. */
export const currency = finance.code('currency', {
  codes: { INR: 'INR', USD: 'USD', EUR: 'EUR', GBP: 'GBP', AED: 'AED', SGD: 'SGD' },
} as const);
