import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { compileSource } from '#src/execution/create-engine.js';
import { loadMappings } from '#src/mapping/load-folder.js';
import { adapters, configuration, data } from './data.mjs';
import { identical } from './identical.mjs';
import { inTurns } from './in-turns.mjs';
import { freePort, get, startFloor, startServer } from './processes.mjs';

const root = new URL('../../', import.meta.url).pathname;
const KINDS = 64;

/** Reads and searches of one hospital against the floor over the same file, in turns. One row for each kind of request. */
export async function searches({ source, patients, rounds, seconds }) {
  const folder = await data(source, patients);
  const port = await freePort();
  const base = `http://127.0.0.1:${port}/fhir`;
  const adapter = adapters[source];
  const mappings = compileSource(
    { name: source, timeZone: 'Asia/Kolkata', mappings: await loadMappings(join(root, 'mappings', source)) },
    base,
  );
  const floor = await startFloor({
    adapter,
    location: join(folder, source, adapter === 'sqlite' ? 'hospital.db' : ''),
    source,
    base,
    hashes: Object.fromEntries(mappings.map(({ name, hash }) => [name, hash])),
  });
  const server = await startServer(configuration(folder, [source], port));
  try {
    const rows = [];
    for (const [kind, asked] of Object.entries(await requests(port, folder, source))) {
      const paths = (await identical(kind, asked, port, floor.port)).slice(0, KINDS);
      process.stderr.write(`  ${adapter}, ${patients} patients: ${kind}\n`);
      const figure = `${adapter}, ${patients.toLocaleString('en')} patients: ${kind}`;
      rows.push(await inTurns({ figure, paths, port, floor: floor.port, rounds, seconds }));
    }
    return rows;
  } finally {
    await server.stop();
    await floor.stop();
  }
}

/** Requests that this data answers: keys and birth months spread over the patients, families that are written in ASCII. */
async function requests(port, folder, source) {
  const truth = readFileSync(join(folder, 'truth.ndjson'), 'utf8').split('\n');
  const lines = Array.from({ length: KINDS * 3 }, (_, i) =>
    JSON.parse(truth[Math.floor((i * (truth.length - 1)) / (KINDS * 3))]),
  );
  const patients = [];
  for (const { id } of lines) {
    const { status, text } = await get(port, `/fhir/Patient/${id}`);
    if (status === 200) patients.push(JSON.parse(text));
  }
  const families = [...new Set(patients.flatMap(({ name }) => name?.[0]?.family ?? []))].filter((name) =>
    /^[A-Za-z]{3,}$/.test(name),
  );
  const months = [...new Set(patients.flatMap(({ birthDate }) => birthDate?.slice(0, 7) ?? []))].filter((month) =>
    /^\d{4}-(0[1-9]|1[01])$/.test(month),
  );
  const system = `https://healthsync.dev/fhir/sid/${source}/patient-id`;
  return {
    'read by id': patients.map(({ id }) => `/fhir/Patient/${id}`),
    'search by identifier': patients.map(
      ({ id }) => `/fhir/Patient?identifier=${system}%7C${id.slice(source.length + 1)}&_count=20`,
    ),
    'search by birth date (a month)': months.map((month) => `/fhir/Patient?birthdate=${month}&_count=20`),
    'search by subject': patients.map(({ id }) => `/fhir/Observation?subject=Patient/${id}&_count=20`),
    'search by family name': families.map((family) => `/fhir/Patient?family=${family}&_count=20`),
  };
}
