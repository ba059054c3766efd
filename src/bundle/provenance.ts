import type { Provenance } from '@medplum/fhirtypes';
import type { WriteRecord } from '../state/write-log.js';

/** https://terminology.hl7.org/CodeSystem-v3-DataOperation.html */
const operations = { create: 'CREATE', update: 'UPDATE', delete: 'DELETE' } as const;

/** A write that was made, as a Provenance (https://hl7.org/fhir/R4/provenance.html). */
export function provenance({
  entry,
  at,
  caller,
  interaction,
  type,
  source,
  id,
  before,
  after,
  closed,
}: WriteRecord): Provenance {
  const versioned = (version: string | undefined) =>
    `${type}/${id}${version === undefined ? '' : `/_history/${version}`}`;
  return {
    resourceType: 'Provenance',
    id: String(entry),
    meta: { source: `urn:healthsync:${source}` },
    target: [{ reference: versioned(after) }],
    occurredDateTime: at,
    recorded: closed ?? at,
    activity: {
      coding: [{ system: 'http://terminology.hl7.org/CodeSystem/v3-DataOperation', code: operations[interaction] }],
    },
    agent: [{ who: { display: caller } }],
    ...(before !== undefined && { entity: [{ role: 'revision', what: { reference: versioned(before) } }] }),
  };
}
