import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { generate } from '#demo/generate.js';
import { checkConfiguration } from '#src/config/load-configuration.js';
import { startOnServers } from '../../support/demo-on-servers.js';
import { hospitals, serveConfiguration } from '../../support/demo-server.js';
import { ownDatabases, type SharedServers } from '../../support/own-databases.js';
import { root } from '../../support/source-tree.js';
import { askRows, sendTo, type Tally, together } from './campaign.js';
import { samples } from './rows.js';

export interface WriteProof {
  readonly cases: number;
  readonly seed: number;
  /** Addresses of servers, by kind; a kind that is not named is not written. */
  readonly servers: SharedServers;
}

/** Laws L1 to L6 at length: most cases in memory, a tenth through files, and as many through the servers that are named. */
export async function proveWrites({ cases, seed, servers }: WriteProof): Promise<Tally> {
  const some = Math.ceil(cases / 10);
  const named = Object.values(servers).some((url) => url !== undefined);
  const tallies = [await writtenFiles(some, seed)];
  if (named) tallies.push(await writtenServers(servers, some, seed));
  const rest = cases - tallies.reduce((sum, { cases: done }) => sum + done, 0);
  return together([...tallies, askRows(await samples(), rest, seed)]);
}

/** The four hospitals in files, all of which may be written. */
export async function writtenFiles(cases: number, seed: number): Promise<Tally> {
  const folder = mkdtempSync(join(tmpdir(), 'healthsync-proved-'));
  await generate({ seed: 1, patients: 40, out: folder });
  const sources = Object.entries(hospitals).map(([name, adapter]) => ({
    name,
    adapter,
    location: adapter === 'sqlite' ? `${name}/hospital.db` : name,
    mappings: join(root, 'mappings', name),
    timeZone: 'Asia/Kolkata',
    timeoutMs: 60_000,
    write: true,
  }));
  const configuration = checkConfiguration(
    { server: { limits: { rows: 1_000_000, deadlineMs: 60_000 } }, sources },
    join(folder, 'healthsync.yaml'),
  );
  const demo = await serveConfiguration(configuration, folder);
  try {
    return await sendTo(demo, writtenTypes(demo.engine.types), cases, seed);
  } finally {
    await demo.stop();
    rmSync(folder, { recursive: true, force: true });
  }
}

/** The sources of the demo on servers, in databases of their own. */
export async function writtenServers(servers: SharedServers, cases: number, seed: number): Promise<Tally> {
  const own = ownDatabases(servers);
  try {
    const demo = await startOnServers(own.servers, { patients: 40, write: true });
    try {
      return await sendTo(demo, writtenTypes(demo.engine.types), cases, seed);
    } finally {
      await demo.stop();
    }
  } finally {
    await own.drop();
  }
}

function writtenTypes(
  types: ReadonlyMap<string, { readonly writes: { readonly update: boolean } }>,
): readonly string[] {
  return [...types].filter(([, { writes }]) => writes.update).map(([type]) => type);
}
