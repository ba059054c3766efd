import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Writable } from 'node:stream';
import type { Bundle, Resource } from '@medplum/fhirtypes';
import { generate } from '#demo/generate.js';
import { composeApp, composeEngine } from '#src/compose.js';
import type { Configuration } from '#src/config/configuration.js';
import { checkConfiguration } from '#src/config/load-configuration.js';
import type { Engine } from '#src/execution/engine.js';
import { listen } from '#src/http/listen.js';
import { createLogger } from '#src/telemetry/logger.js';
import { root } from './source-tree.js';

export const hospitals = { 'his-a': 'sqlite', 'his-b': 'duckdb', 'his-c': 'duckdb', 'his-d': 'sqlite' } as const;
export type Hospital = keyof typeof hospitals;

export interface DemoServer {
  readonly baseUrl: string;
  /** Where the four hospitals lie, or what else is in files. */
  readonly folder: string;
  readonly engine: Engine;
  /** GET below the base, or of a whole URL. */
  readonly get: (path: string, headers?: Readonly<Record<string, string>>) => Promise<Response>;
  readonly search: (path: string) => Promise<Bundle>;
  /** Every match of a search, following `next`. */
  readonly all: (path: string) => Promise<readonly Resource[]>;
  readonly stop: () => Promise<void>;
}

/** The four hospitals of the demo, generated into a new folder and served as they are by `npm start`, on a free port. */
export async function startDemo({ seed = 1, patients = 40, write = false } = {}): Promise<DemoServer> {
  const folder = mkdtempSync(join(tmpdir(), 'healthsync-served-'));
  await generate({ seed, patients, out: folder });
  return serveDemo(folder, write);
}

/** Serves the hospitals that lie in a folder, which goes when it stops; read only unless `write`. */
export async function serveDemo(folder: string, write = false): Promise<DemoServer> {
  const configuration = checkConfiguration(
    {
      server: { limits: { rows: 1_000_000, deadlineMs: 60_000 } },
      sources: Object.entries(hospitals).map(([name, adapter]) => ({
        name,
        adapter,
        location: adapter === 'sqlite' ? `${name}/hospital.db` : name,
        mappings: join(root, 'mappings', name),
        timeZone: 'Asia/Kolkata',
        timeoutMs: 30_000,
        write,
      })),
    },
    join(folder, 'healthsync.yaml'),
  );
  return serveConfiguration(configuration, folder);
}

/** Serves a configuration on a free port; its folder goes when it stops. */
export async function serveConfiguration(configuration: Configuration, folder: string): Promise<DemoServer> {
  const listening = await listen('127.0.0.1', 0, configuration.server.limits.urlBytes);
  const baseUrl = `http://127.0.0.1:${listening.port}/fhir`;
  const engine = await composeEngine(configuration, baseUrl);
  const silent = createLogger(new Writable({ write: (_chunk, _encoding, done) => done() }));
  listening.serve(await composeApp(configuration, engine, baseUrl, silent));
  const get = (path: string, headers = {}) => fetch(path.startsWith('http') ? path : `${baseUrl}/${path}`, { headers });
  const search = async (path: string) => {
    const answer = await get(path);
    if (answer.status !== 200) throw new Error(`${path}: ${answer.status} ${await answer.text()}`);
    return (await answer.json()) as Bundle;
  };
  return {
    baseUrl,
    folder,
    engine,
    get,
    search,
    async all(path) {
      const found: Resource[] = [];
      for (let next: string | undefined = path; next !== undefined; ) {
        const page: Bundle = await search(next);
        for (const { resource, search: how } of page.entry ?? []) if (how?.mode === 'match') found.push(resource!);
        next = page.link?.find(({ relation }) => relation === 'next')?.url;
      }
      return found;
    },
    async stop() {
      await listening.stop(1000);
      await engine.close();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}
