import { generate as generateEhrBilling } from './ehr-billing/generate.js';
import { generate as generateRegistry } from './registry/generate.js';
import type { ServerSource } from './server-source.js';

/** The sources of the demo that lie on servers, by the name they have in demo/all.yaml. */
export const serverSources: Readonly<Record<string, ServerSource>> = {
  'ehr-billing': { kind: 'postgres', generate: generateEhrBilling },
  registry: { kind: 'mysql', generate: generateRegistry },
};
