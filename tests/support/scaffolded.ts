import { mkdtempSync, readdirSync, readFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { checkSource } from '#src/check/check-source.js';
import type { Finding } from '#src/check/finding.js';
import { openSource } from '#src/compose.js';
import { loadConfiguration } from '#src/config/load-configuration.js';
import { type DemoServer, serveConfiguration } from './demo-server.js';
import { runHealthsync } from './run-healthsync.js';
import { secrets } from './small-hospital.js';

export interface Scaffolded {
  readonly folder: string;
  /** What the command said. */
  readonly out: string;
  /** Every file that it wrote, by its path in the folder. */
  readonly files: Readonly<Record<string, string>>;
  /** Texts of the rows that stand in any of them. */
  readonly leaked: readonly string[];
  readonly check: () => Promise<readonly Finding[]>;
  readonly serve: () => Promise<DemoServer>;
}

/** `healthsync scaffold` of a database, into a folder named `clinic`. */
export async function scaffolded(adapter: string, location: string): Promise<Scaffolded> {
  const folder = join(mkdtempSync(join(tmpdir(), 'healthsync-scaffolded-')), 'clinic');
  const { code, out, err } = await runHealthsync(
    'scaffold',
    '--adapter',
    adapter,
    '--location',
    location,
    '--out',
    folder,
  );
  if (code !== 0) throw new Error(`scaffold ended with ${code}: ${err}`);
  const files = Object.fromEntries(
    readdirSync(folder, { recursive: true, encoding: 'utf8' })
      .filter((path) => /\.\w+$/.test(path))
      .map((path) => [path, readFileSync(join(folder, path), 'utf8')]),
  );
  const file = join(folder, 'healthsync.yaml');
  const text = Object.values(files).join('\n');
  const password = /:\/\/[^:@/]*:([^@/]+)@/.exec(location)?.[1];
  const environment = { CLINIC_PASSWORD: password };
  return {
    folder,
    out,
    files,
    leaked: [...secrets, ...(password === undefined ? [] : [`:${password}@`])].filter((secret) =>
      text.includes(secret),
    ),
    check: async () => {
      const [source] = loadConfiguration(file, environment).sources;
      const opened = await openSource(source!);
      const checked = { ...source!, adapter: opened, folder: source!.mappings, indexed: adapter !== 'duckdb' };
      const setting = { baseUrl: 'http://clinic.test/fhir', now: () => new Date('2026-01-01'), timeoutMs: 60_000 };
      const { findings } = await checkSource(checked, setting);
      await opened.close();
      return findings;
    },
    serve: () => serveConfiguration(loadConfiguration(file, environment), folder),
  };
}
