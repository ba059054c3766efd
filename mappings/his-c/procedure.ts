import type { Procedure } from '@medplum/fhirtypes';
import { and, map } from 'healthsync/mapping';
import { local } from './codes.js';
import { billed, finance } from './source.js';

/** Bills of the category Procedure. A treatment or a medication may be one or not. */
export const procedure = map<Procedure>('Procedure', {
  name: 'procedure',
  id: finance.id,
  exists: and(finance.present('patient_id'), finance.oneOf('category', 'Procedure')),
  because: { status: 'a bill shows that the procedure was charged, not how far it went: the code for that is unknown' },
  to: {
    resourceType: 'Procedure',
    status: 'unknown',
    code: finance.concept('category', { system: local('category') }),
    subject: billed,
    note: [{ text: finance.text('remarks') }],
  },
});
