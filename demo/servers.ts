import { generate as generateCareGraph } from './care-graph/generate.js';
import { generate as generateEhr } from './ehr/generate.js';
import { generate as generateEhrBilling } from './ehr-billing/generate.js';
import { generate as generateImaging } from './imaging/generate.js';
import { generate as generateLab } from './lab/generate.js';
import { generate as generateMonitoring } from './monitoring/generate.js';
import { generate as generateRegistry } from './registry/generate.js';
import type { ServerSource } from './server-source.js';
import { generate as generateVitals } from './vitals/generate.js';

/** The sources of the demo that lie on servers, by the name they have in demo/all.yaml. */
export const serverSources: Readonly<Record<string, ServerSource>> = {
  'care-graph': { kind: 'neo4j', generate: generateCareGraph },
  ehr: { kind: 'mongodb', generate: generateEhr },
  'ehr-billing': { kind: 'postgres', generate: generateEhrBilling },
  imaging: { kind: 'mongodb', generate: generateImaging },
  lab: { kind: 'mongodb', generate: generateLab },
  monitoring: { kind: 'mongodb', generate: generateMonitoring },
  registry: { kind: 'mysql', generate: generateRegistry },
  vitals: { kind: 'influxdb', generate: generateVitals },
};
