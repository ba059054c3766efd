import { existsSync, mkdirSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { generate } from '#demo/generate.js';
import { generate as generateHisA } from '#demo/his-a/generate.js';
import { generate as generateHisB } from '#demo/his-b/generate.js';
import { Population, SOURCES } from '#demo/population.js';
import { Truth } from '#demo/truth.js';

const root = new URL('../../', import.meta.url).pathname;
/** Kept between runs: a million rows take a minute. */
const kept = join(root, '.cache', 'bench');
const one = {
  'his-a': { generate: generateHisA, lettered: true },
  'his-b': { generate: generateHisB, lettered: true },
};

/** The folder of one hospital with so many patients, or of all four together. */
export async function data(source, patients) {
  const folder = join(kept, `${source}-${patients}`);
  if (existsSync(folder)) return folder;
  const partial = `${folder}.partial`;
  rmSync(partial, { recursive: true, force: true });
  mkdirSync(partial, { recursive: true });
  if (source === 'all') await generate({ seed: 1, patients, out: partial });
  else only(source, patients, partial);
  renameSync(partial, folder);
  return folder;
}

function only(source, patients, out) {
  const sizes = { patients, staff: 100, finance: Math.ceil(patients / 10) };
  const population = new Population(
    1,
    source,
    Object.fromEntries(SOURCES.map((name) => [name, sizes])),
    one[source].lettered,
  );
  const file = (name) => {
    const path = join(out, source, name);
    mkdirSync(dirname(path), { recursive: true });
    return path;
  };
  const truth = new Truth(join(out, 'truth.ndjson'));
  for (const _ of one[source].generate({ population, truth, file }));
  truth.close();
}

export const adapters = { 'his-a': 'sqlite', 'his-b': 'duckdb', 'his-c': 'duckdb', 'his-d': 'sqlite' };

/** A configuration file over some of the hospitals in a folder, at a port. */
export function configuration(folder, sources, port) {
  const file = join(folder, `bench-${sources.length}-${port}.json`);
  const document = {
    server: {
      port,
      baseUrl: `http://127.0.0.1:${port}/fhir`,
      stateFolder: join(kept, 'state'),
      limits: { deadlineMs: 60_000 },
    },
    sources: sources.map((name) => ({
      name,
      adapter: adapters[name],
      location: join(folder, name, adapters[name] === 'sqlite' ? 'hospital.db' : ''),
      mappings: join(root, 'mappings', name),
      timeZone: 'Asia/Kolkata',
      timeoutMs: 60_000,
    })),
  };
  writeFileSync(file, JSON.stringify(document));
  return file;
}
