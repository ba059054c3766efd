import { mkdtempSync, readFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { generateServers } from '#demo/generate-servers.js';
import type { NativeKey } from '#demo/served.js';
import { serverSources } from '#demo/servers.js';
import { openSource } from '#src/compose.js';
import type { Configuration } from '#src/config/configuration.js';
import { checkConfiguration } from '#src/config/load-configuration.js';
import { type DemoServer, serveConfiguration } from './demo-server.js';
import { root } from './source-tree.js';

/** A line of served.ndjson. */
export interface ServedLine {
  readonly source: string;
  readonly type: string;
  /** Absent where it is stored: then `native` is the key. */
  readonly id?: string;
  readonly native?: NativeKey;
  readonly person?: number;
  readonly faults?: readonly string[];
}

export interface DemoOnServers extends DemoServer {
  readonly configuration: Configuration;
  readonly served: readonly ServedLine[];
}

/** Sources of the demo, generated into databases of real servers (source -> URL, the database included) and served on a free port. */
export async function startOnServers(
  servers: Readonly<Record<string, string>>,
  { seed = 1, patients = 500, write = false } = {},
): Promise<DemoOnServers> {
  const folder = mkdtempSync(join(tmpdir(), 'healthsync-on-servers-'));
  await generateServers({ seed, patients, out: folder, servers });
  const configuration = checkConfiguration(
    {
      server: { limits: { rows: 1_000_000, deadlineMs: 60_000 } },
      sources: Object.entries(servers).map(([name, location]) => ({
        name,
        adapter: serverSources[name]!.kind,
        location,
        mappings: join(root, 'mappings', name),
        timeZone: 'Asia/Kolkata',
        timeoutMs: 30_000,
        write,
      })),
    },
    join(folder, 'healthsync.yaml'),
  );
  // Jest links one module at a time: adapters that share some must not be loaded at once.
  for (const source of configuration.sources) await (await openSource(source)).close();
  const served = readFileSync(join(folder, 'served.ndjson'), 'utf8')
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line) as ServedLine);
  return { ...(await serveConfiguration(configuration, folder)), configuration, served };
}
