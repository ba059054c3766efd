import { mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import type { Bundle, Observation, OperationOutcome, Patient } from '@medplum/fhirtypes';
import Database from 'better-sqlite3';
import { Client } from 'fhir-kit-client';
import { createConnection } from 'mysql2/promise';
import { parse } from 'yaml';
import { generate } from '#demo/generate.js';
import { generateServers } from '#demo/generate-servers.js';
import { openSource } from '#src/compose.js';
import { checkConfiguration } from '#src/config/load-configuration.js';
import { type DemoServer, serveConfiguration } from '../support/demo-server.js';
import { command } from '../support/line-protocol.js';
import { type OwnDatabases, ownDatabases } from '../support/own-databases.js';
import { type OwnServer, ownServer } from '../support/own-server.js';
import { serverUrl } from '../support/server-url.js';
import { root } from '../support/source-tree.js';

/**
 * A doctor's day over every source of `--demo all`, by a client library that is not ours; after each step the rows as their own database
 * shows them. The day as it went is compared with tests/cases/doctors-day.txt; HEALTHSYNC_WRITE_DAY=1 writes that anew.
 */
const transcript = new URL('../cases/doctors-day.txt', import.meta.url);
const lines: string[] = [];
const say = (text: string) => lines.push(text);

const influxdb = serverUrl('HEALTHSYNC_TEST_INFLUXDB_URL');
/** A graph has one database, which other tests fill anew. */
let graph: OwnServer;
let own: OwnDatabases;
let demo: DemoServer;
let client: Client;

beforeAll(async () => {
  graph = await ownServer('neo4j', { signIn: true });
  own = ownDatabases({
    mysql: serverUrl('HEALTHSYNC_TEST_MYSQL_URL'),
    postgres: serverUrl('HEALTHSYNC_TEST_POSTGRES_URL'),
    mongodb: serverUrl('HEALTHSYNC_TEST_MONGODB_URL'),
    neo4j: graph.url,
    influxdb,
  });
  const folder = mkdtempSync(join(tmpdir(), 'healthsync-day-'));
  await generate({ seed: 1, patients: 40, out: folder });
  await generateServers({ seed: 1, patients: 40, out: folder, servers: own.servers });
  // Images of patients who were deleted bear their numbers still: a new patient is given none of these.
  const connection = await createConnection(own.servers.registry!);
  await connection.query('ALTER TABLE patient_registry AUTO_INCREMENT = 1001');
  await connection.end();
  const { sources } = parse(readFileSync(join(root, 'demo/all.yaml'), 'utf8')) as {
    sources: { name: string; location: string; database?: string; downloads?: object }[];
  };
  const placed = sources.map(({ database: _, downloads: __, ...source }) => ({
    ...source,
    location: own.servers[source.name] ?? source.location.replace('../data/', ''),
    mappings: join(root, 'mappings', source.name),
    timeoutMs: 30_000,
  }));
  const configuration = checkConfiguration(
    { server: { limits: { rows: 1_000_000, deadlineMs: 60_000 } }, sources: placed },
    join(folder, 'healthsync.yaml'),
  );
  expect(configuration.sources).toHaveLength(12);
  // Jest links one module at a time: adapters that share some must not be loaded at once.
  for (const source of configuration.sources) await (await openSource(source)).close();
  demo = await serveConfiguration(configuration, folder);
  client = new Client({ baseUrl: demo.baseUrl });
}, 300_000);
afterAll(async () => {
  await demo.stop();
  await own.drop();
  await graph.close();
});

async function registryRow(id: string): Promise<string> {
  const connection = await createConnection({ uri: own.servers.registry!, dateStrings: true });
  const [rows] = await connection.query(
    'SELECT id, first_name, last_name, contact_number, email_id, severity FROM patient_registry WHERE id = ?',
    [id],
  );
  await connection.end();
  return JSON.stringify((rows as readonly unknown[])[0] ?? 'no row');
}

async function points(name: string): Promise<string> {
  const database = new URL(own.servers.vitals!).pathname.slice(1);
  const text = await command(
    influxdb.replace(/\/$/, ''),
    `SELECT time, patient, heart_rate FROM "${database}".."health_metrics" WHERE patient = '${name}'`,
  );
  const { results } = JSON.parse(text) as { results: [{ series?: [{ values: unknown[][] }] }] };
  return JSON.stringify(results[0].series?.[0].values ?? 'no point');
}

/** What a refused request was told, without the versions that differ from run to run. */
async function refusal(asked: Promise<unknown>): Promise<string> {
  try {
    await asked;
  } catch (error) {
    const { status, data } = (error as { response: { status: number; data: OperationOutcome } }).response;
    const issues = data.issue.map(({ diagnostics }) =>
      diagnostics!.replace(/version is [0-9a-f]{20}/g, 'version is <version>'),
    );
    return `${status} ${issues.join(' | ')}`;
  }
  throw new Error('it was not refused');
}

const read = (id: string) => client.read({ resourceType: 'Patient', id }) as unknown as Promise<Patient>;
const update = (patient: Patient, version = patient.meta!.versionId!) =>
  client.update({
    resourceType: 'Patient',
    id: patient.id!,
    body: patient as never,
    options: { headers: { 'If-Match': `W/"${version}"` } },
  }) as unknown as Promise<Patient>;
const withPhone = (patient: Patient, value: string): Patient => ({
  ...patient,
  telecom: [...(patient.telecom ?? []).filter(({ system }) => system !== 'phone'), { system: 'phone', value }],
});

test('a doctor’s day', async () => {
  say('1. Find a patient across hospitals');
  const registered = (await read('registry.7')) as Patient;
  const family = registered.name![0]!.family!;
  const found = (await client.resourceSearch({
    resourceType: 'Patient',
    searchParams: { family, _sort: 'birthdate', _count: 100 },
  })) as unknown as Bundle<Patient>;
  const ids = (found.entry ?? []).flatMap(({ resource, search }) => (search?.mode === 'match' ? [resource!.id!] : []));
  expect(ids).toContain('registry.7');
  expect(new Set(ids.map((id) => id.split('.')[0])).size).toBeGreaterThan(1);
  say(
    `   Patient?family=${family}: ${ids.length} in ${[...new Set(ids.map((id) => id.split('.')[0]))].sort().join(', ')}`,
  );
  say(`   registry, MySQL: ${await registryRow('7')}`);

  say('2. Correct a phone number');
  const corrected = await update(withPhone(registered, '022 555 0101'));
  expect(corrected.telecom).toContainEqual({ system: 'phone', value: '022 555 0101' });
  say(`   registry, MySQL: ${await registryRow('7')}`);

  say('3. Add a vital sign');
  const name = 'Doctor’s patient';
  const vital = (await client.create({
    resourceType: 'Observation',
    body: {
      resourceType: 'Observation',
      meta: { source: 'urn:healthsync:vitals' },
      status: 'final',
      category: [
        {
          coding: [
            {
              system: 'http://terminology.hl7.org/CodeSystem/observation-category',
              code: 'vital-signs',
              display: 'Vital Signs',
            },
          ],
        },
      ],
      code: { coding: [{ system: 'http://loinc.org', code: '8867-4', display: 'Heart rate' }] },
      subject: {
        type: 'Patient',
        identifier: { system: 'https://healthsync.dev/fhir/sid/vitals/patient-name', value: name },
        display: name,
      },
      effectiveDateTime: '2026-03-02T09:30:00+05:30',
      valueQuantity: { value: 71, unit: 'beats/minute', system: 'http://unitsofmeasure.org', code: '/min' },
    } as never,
  })) as unknown as Observation;
  expect(vital.effectiveDateTime).toBe('2026-03-02T04:00:00Z');
  say(`   vitals, InfluxDB: ${await points(name)}`);

  say('4. Add a condition');
  const admitted = (await client.create({
    resourceType: 'Patient',
    body: {
      resourceType: 'Patient',
      meta: { source: 'urn:healthsync:registry' },
      name: [{ use: 'official', family: 'Okoye', given: ['Nina'] }],
      telecom: [{ system: 'email', value: 'nina@example.org' }],
      gender: 'female',
      birthDate: '1990-05-17',
    } as never,
  })) as unknown as Patient;
  const key = admitted.id!.slice('registry.'.length);
  say(`   registry, MySQL: ${await registryRow(key)}`);
  const condition = {
    resourceType: 'Condition',
    severity: { text: 'Mild Severe' },
    subject: { reference: `Patient/${admitted.id}` },
  };
  await client.create({ resourceType: 'Condition', body: condition as never });
  say(`   registry, MySQL: ${await registryRow(key)}`);

  say('5. Be refused what the hospital cannot hold');
  const married = { ...(await read(admitted.id!)), maritalStatus: { text: 'Married' } } as Patient;
  say(`   ${await refusal(update(married))}`);
  const long = withPhone(await read(admitted.id!), '+91 22 5555 0101 extension 12');
  say(`   ${await refusal(update(long))}`);
  say(`   registry, MySQL: ${await registryRow(key)}`);

  say('6. Lose, and win, an edit conflict');
  const [mine, theirs] = [await read(admitted.id!), await read(admitted.id!)];
  await update(withPhone(theirs, '022 555 0202'));
  say(`   ${await refusal(update(withPhone(mine, '022 555 0303')))}`);
  say(`   registry, MySQL: ${await registryRow(key)}`);
  await update(withPhone(await read(admitted.id!), '022 555 0303'));
  say(`   registry, MySQL: ${await registryRow(key)}`);

  say('7. Delete');
  say(`   ${await refusal(client.delete({ resourceType: 'Patient', id: 'registry.7' }))}`);
  say(`   ${await refusal(client.delete({ resourceType: 'Patient', id: admitted.id! }))}`);
  await client.delete({ resourceType: 'Condition', id: `${admitted.id}.severity` });
  say(`   registry, MySQL: ${await registryRow(key)}`);
  await client.delete({ resourceType: 'Patient', id: admitted.id! });
  say(`   registry, MySQL: ${await registryRow(key)}`);

  say('8. A hospital in a file is written alike');
  const database = new Database(join(demo.folder, 'his-a/hospital.db'), { readonly: true });
  const one = (await client.resourceSearch({
    resourceType: 'Patient',
    searchParams: { _sort: '_id', _count: 100 },
  })) as unknown as Bundle<Patient>;
  const inFile = one.entry!.map(({ resource }) => resource!).find(({ id }) => id!.startsWith('his-a.'))!;
  const rowOf = () =>
    JSON.stringify(
      database
        .prepare('SELECT first_name, phone FROM patients WHERE patient_id = ?')
        .get(inFile.id!.slice('his-a.'.length)),
    );
  say(`   his-a, SQLite: ${rowOf()}`);
  await update(withPhone(inFile, '022 555 0404'));
  say(`   his-a, SQLite: ${rowOf()}`);
  database.close();

  const text = `${lines.join('\n')}\n`;
  if (process.env.HEALTHSYNC_WRITE_DAY === '1') writeFileSync(transcript, text);
  expect(text).toBe(readFileSync(transcript, 'utf8'));
}, 300_000);
