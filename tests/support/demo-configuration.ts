import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { generate } from '#demo/generate.js';
import { temporaryFolder } from './demo-data.js';

const repository = fileURLToPath(new URL('../../', import.meta.url));

/** The demo's four sources over freshly generated data, read only unless `write`; the path of their configuration. */
export async function demoConfiguration({ seed = 1, patients = 200, write = false } = {}): Promise<string> {
  const folder = temporaryFolder();
  await generate({ seed, patients, out: folder });
  const source = (name: string, adapter: string, location: string) => ({
    name,
    adapter,
    location: join(folder, name, location),
    mappings: join(repository, 'mappings', name),
    timeZone: 'Asia/Kolkata',
    write,
  });
  const file = join(folder, 'demo.yaml');
  const sources = [
    source('his-a', 'sqlite', 'hospital.db'),
    source('his-b', 'duckdb', ''),
    source('his-c', 'duckdb', ''),
    source('his-d', 'sqlite', 'hospital.db'),
  ];
  // JSON is YAML.
  writeFileSync(file, JSON.stringify({ sources }));
  return file;
}
