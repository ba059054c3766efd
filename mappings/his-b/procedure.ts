import type { Procedure } from '@medplum/fhirtypes';
import { and, map } from 'healthsync/mapping';
import { service } from './bill.js';
import { billed, finance } from './source.js';

/** Bills for an MRI scan, an X-ray or surgery; a consultation and a blood test are no procedures. */
export const procedure = map<Procedure>('Procedure', {
  name: 'procedure',
  id: finance.id,
  exists: and(finance.present('patient_id'), finance.oneOf('service_code', 'SRV101', 'SRV102', 'SRV104')),
  because: { status: 'a bill shows that the procedure was charged, not how far it went: the code for that is unknown' },
  to: {
    resourceType: 'Procedure',
    status: 'unknown',
    code: service,
    subject: billed,
  },
});
