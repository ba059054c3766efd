import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { checkConfiguration } from '#src/config/load-configuration.js';
import { type DemoServer, serveConfiguration } from '../support/demo-server.js';
import { root } from '../support/source-tree.js';

/** The graph with ids made of its names, which no configuration of ours has: its searches are those that stored ids will have. */
export async function serveGraphByName(location: string): Promise<DemoServer> {
  const folder = mkdtempSync(join(tmpdir(), 'healthsync-graph-'));
  const own = (file: string) => JSON.stringify(join(root, 'mappings/care-graph', file));
  writeFileSync(
    join(folder, 'graph.ts'),
    `import { careTeamBy } from ${own('care-team.js')};
import { organization } from ${own('organization.js')};
import { patientBy } from ${own('patient.js')};
import { practitionerBy } from ${own('practitioner.js')};
import { doctors, patients } from ${own('source.js')};
const ids = { doctor: doctors.id, patient: patients.id };
export const [team, patient, practitioner] = [careTeamBy(ids), patientBy(ids), practitionerBy(ids)];
export { organization };
`,
  );
  const source = { name: 'care-graph', adapter: 'neo4j', location, mappings: folder, timeoutMs: 30_000 };
  return serveConfiguration(checkConfiguration({ sources: [source] }, join(folder, 'graph.yaml')), folder);
}
