import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { compileSource } from '#src/execution/create-engine.js';
import { loadMappings } from '#src/mapping/load-folder.js';
import { identical } from '../identical.mjs';
import { inTurns } from '../in-turns.mjs';
import { freePort, start, startServer } from '../processes.mjs';
import { fill, inBench, patientOf } from './data.mjs';

const root = new URL('../../../', import.meta.url).pathname;
const here = new URL('.', import.meta.url).pathname;
const state = join(root, '.cache', 'bench', 'servers');
const KINDS = 64;
/** Milliseconds: nothing may end early that is only slow. */
const patience = 60_000;

/** A configuration over sources `{name, adapter, location}`, whose mappings are the folder of their name. */
export function configured(name, sources, port) {
  mkdirSync(state, { recursive: true });
  const file = join(state, `${name}.json`);
  const document = {
    server: {
      port,
      baseUrl: `http://127.0.0.1:${port}/fhir`,
      stateFolder: join(state, 'state'),
      limits: { deadlineMs: patience },
    },
    sources: sources.map((source) => ({
      ...source,
      mappings: join(here, source.name),
      timeoutMs: patience,
    })),
  };
  writeFileSync(file, JSON.stringify(document));
  return file;
}

export async function filled(loading) {
  for await (const _ of loading);
}

/** What a mapping's rows hold, in the order of the content version, and the hash that it begins with. */
export async function described(name, base) {
  const compiled = compileSource({ name, timeZone: 'UTC', mappings: await loadMappings(join(here, name)) }, base);
  return compiled.map((mapping) => ({
    name: mapping.name,
    hash: mapping.hash,
    columns: mapping.output.map(({ column }) => column),
  }));
}

/** Reads and searches of one server against the floor over the same database, in turns. */
export async function serverSearches({ kind, url, patients, rounds, seconds }) {
  const sql = kind === 'mysql' || kind === 'postgres';
  await filled(fill[kind](url, patients, { observations: sql ? 20 : 0 }));
  const port = await freePort();
  const base = `http://127.0.0.1:${port}/fhir`;
  const location = kind === 'neo4j' ? url : inBench(url);
  const sources = [
    { name: 'clinic', adapter: kind, location },
    ...(sql ? [{ name: 'ward', adapter: kind, location }] : []),
  ];
  const mappings = (await Promise.all(sources.map(({ name }) => described(name, base)))).flat();
  const floor = await start(
    [
      join(here, 'floor.mjs'),
      JSON.stringify({
        kind,
        url: location,
        base,
        hashes: Object.fromEntries(mappings.map(({ name, hash }) => [name, hash])),
        outputs: Object.fromEntries(mappings.map(({ name, columns }) => [name, columns])),
      }),
    ],
    /^(\d+)\n/,
  );
  const server = await startServer(configured(kind, sources, port));
  try {
    const rows = [];
    for (const [what, asked] of Object.entries(requests(patients, sql))) {
      const paths = (await identical(what, asked, port, floor.port)).slice(0, KINDS);
      const figure = `${kind}, ${patients.toLocaleString('en')} patients: ${what}`;
      rows.push(await inTurns({ figure, paths, port, floor: floor.port, rounds, seconds }));
    }
    return rows;
  } finally {
    await server.stop();
    await floor.stop();
  }
}

function requests(patients, sql) {
  const spread = Array.from({ length: KINDS * 2 }, (_, i) =>
    patientOf(Math.floor((i * (patients - 1)) / (KINDS * 2)), patients),
  );
  const ids = spread.map(([id]) => id);
  const months = [...new Set(spread.map(([, , , , born]) => born.slice(0, 7)))];
  const system = 'https://healthsync.dev/fhir/sid/bench/patient';
  return {
    'read by id': ids.map((id) => `/fhir/Patient/clinic.${id}`),
    'search by identifier': ids.map((id) => `/fhir/Patient?identifier=${system}%7C${id}&_count=20`),
    'search by birth date (a month)': months.map((month) => `/fhir/Patient?birthdate=${month}&_count=20`),
    ...(sql && { 'search by subject': ids.map((id) => `/fhir/Observation?subject=Patient/clinic.${id}&_count=20`) }),
  };
}
