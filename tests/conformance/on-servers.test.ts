import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import type { CareTeam, DocumentReference, Observation, Patient, Resource } from '@medplum/fhirtypes';
import Database from 'better-sqlite3';
import neo4j, { type Driver } from 'neo4j-driver';
import pg from 'pg';
import type { NativeKey } from '#demo/served.js';
import { serverSources } from '#demo/servers.js';
import { local } from '#src/access/caller.js';
import { permitRead } from '#src/access/restrict.js';
import { checkSource } from '#src/check/check-source.js';
import { openSource } from '#src/compose.js';
import { type DemoOnServers, startOnServers } from '../support/demo-on-servers.js';
import { explained, explainedTests } from '../support/explained-searches.js';
import { ownDatabases } from '../support/own-databases.js';
import { referencesIn } from '../support/references-in.js';
import { runHealthsync } from '../support/run-healthsync.js';
import { serverUrl } from '../support/server-url.js';
import { refuseInvalid, withValidator } from './hl7-validator.js';

const own = ownDatabases({
  mysql: serverUrl('HEALTHSYNC_TEST_MYSQL_URL'),
  postgres: serverUrl('HEALTHSYNC_TEST_POSTGRES_URL'),
  mongodb: serverUrl('HEALTHSYNC_TEST_MONGODB_URL'),
  influxdb: serverUrl('HEALTHSYNC_TEST_INFLUXDB_URL'),
  neo4j: serverUrl('HEALTHSYNC_TEST_NEO4J_URL'),
});
const sources = Object.keys(serverSources);

let demo: DemoOnServers;
const everything: Resource[] = [];
/** Some of which the subject is known by a link. */
const joined: Resource[] = [];
let stored: ReadonlyMap<string, string>;
beforeAll(async () => {
  demo = await startOnServers(own.servers, { seed: 7, patients: 400 });
  for (const [type, { parameters }] of demo.engine.types)
    if (parameters.size > 0) everything.push(...(await demo.all(`${type}?_count=500`)));
  stored = storedKeys(demo.folder);
}, 120_000);
afterAll(async () => {
  await demo?.stop();
  await own.drop();
});

const nameOf = ({ resourceType, id }: Resource) => `${resourceType}/${id}`;
const sourceOf = ({ id }: Resource) => id!.split('.')[0];
/** As the truth names it: a stored id by the key that it stands for. */
const truly = (source: string, type: string, { relation, key, facet = '' }: NativeKey) =>
  JSON.stringify([source, type, relation, key, facet]);
const servedName = (resource: Resource) => {
  const [source = '', opaque = '', facet] = resource.id!.split('.');
  const kept = stored.get(opaque);
  if (kept === undefined) return nameOf(resource);
  const { relation, key } = JSON.parse(kept) as { relation: string; key: string };
  return truly(source, resource.resourceType, { relation, key: JSON.parse(key), ...(facet && { facet }) });
};

describe.each(sources)('%s', (source) => {
  const ofSource = () => everything.filter((resource) => sourceOf(resource) === source);

  test('exactly what the truth tells is served, each under one id', () => {
    const lines = demo.served.filter((line) => line.source === source);
    const truth = lines.flatMap(({ type, id }) => (id === undefined ? [] : [`${type}/${id}`]));
    expect(new Set(truth).size).toBe(truth.length);
    // What is one by its name stands there once for each row that is merged into it.
    const merged = new Set(lines.flatMap(({ type, native }) => (native ? [truly(source, type, native)] : [])));
    expect(truth.length + merged.size).toBeGreaterThan(0);
    expect(ofSource().map(servedName).sort()).toEqual([...truth, ...merged].sort());
  });

  test('no name of a person is part of an id', () => {
    const told = ofSource().map(({ id }) =>
      id!
        .split('.')
        .filter((part) => !stored.has(part))
        .join('.')
        .toLowerCase(),
    );
    const names = [
      ...ofSource().flatMap((resource) =>
        'name' in resource && Array.isArray(resource.name)
          ? resource.name.flatMap(({ text, family }: { text?: string; family?: string }) => [text, family])
          : [],
      ),
      ...ofSource().map((resource) =>
        'subject' in resource ? (resource.subject as { display?: string } | undefined)?.display : undefined,
      ),
    ];
    const words = new Set(names.flatMap((name) => name?.toLowerCase().split(/[^a-z]+/) ?? []));
    const telling = [...words].filter((word) => word.length > 4);
    expect(told.filter((id) => telling.some((word) => id.includes(word)))).toEqual([]);
  });

  test('reading by id gives what searching gave', async () => {
    for (const resource of sample(ofSource(), 3))
      expect(await (await demo.get(nameOf(resource))).json()).toEqual(resource);
  });

  test('healthsync check finds no error', async () => {
    const configured = demo.configuration.sources.find(({ name }) => name === source)!;
    const adapter = await openSource(configured);
    const checked = { ...configured, adapter, folder: configured.mappings, indexed: true };
    const setting = { baseUrl: demo.baseUrl, now: () => new Date('2026-01-01'), timeoutMs: 60_000 };
    const { findings } = await checkSource(checked, setting);
    await adapter.close();
    expect(findings.filter(({ severity }) => severity === 'error')).toEqual([]);
  }, 120_000);

  test('every literal reference leads to a resource, and the others are logical', () => {
    const references = ofSource().flatMap(referencesIn);
    expect(references.filter((one) => !(one.reference ?? one.identifier ?? one.display))).toEqual([]);
    const known = new Set(everything.map(nameOf));
    const lost = references.filter(({ reference }) => reference !== undefined && !known.has(reference));
    // The other source may have deleted what this one still names: its number stays, as a logical reference.
    expect(lost.filter(({ reference, identifier }) => reference!.includes(`/${source}.`) || !identifier)).toEqual([]);
  });
});

test('A2, A14: a document leads to a Binary of ours, whose file is not the page that its link leads to', async () => {
  const documents = everything.filter((one): one is DocumentReference => one.resourceType === 'DocumentReference');
  const urls = documents.flatMap(({ content }) => content.flatMap(({ attachment }) => attachment.url ?? []));
  expect(urls.length).toBeGreaterThan(10);
  expect(urls.length).toBeLessThan(documents.length);
  const options = { signal: new AbortController().signal, strict: false, now: new Date('2026-01-01') };
  for (const url of urls) {
    const [type, id] = url.split('/') as [string, string];
    const { resource, content } = await demo.engine.read(permitRead(type, id, local), options);
    expect(resource).toMatchObject({ resourceType: 'Binary', id });
    expect(content!.address).toMatch(
      /^https:\/\/(drive\.google\.com\/uc\?export=download&id=|images\.example\.org\/files\/)/,
    );
  }
});

describe('who treats whom', () => {
  let driver: Driver;
  beforeAll(async () => {
    const url = new URL(own.servers['care-graph']!);
    driver = neo4j.driver(`${url.protocol}//${url.host}`, neo4j.auth.basic(url.username, url.password));
  });
  afterAll(() => driver?.close());
  const names = async (cypher: string, name = '') => {
    const { records } = await driver.executeQuery(cypher, { name });
    return records.map((record) => String(record.get(0))).sort();
  };
  const nameIn = (resource: Resource) =>
    'name' in resource && Array.isArray(resource.name) ? (resource.name[0] as { text: string }).text : '';
  const inGraph = (type: string) =>
    everything.filter((one) => one.resourceType === type && sourceOf(one) === 'care-graph');
  const named = (type: string, name: string) => inGraph(type).find((one) => nameIn(one) === name)!;

  test('E5: everybody in the graph is there, and nobody twice', async () => {
    for (const [type, label] of [
      ['Patient', 'Patient'],
      ['Practitioner', 'Doctor'],
    ])
      expect(inGraph(type!).map(nameIn).sort()).toEqual(await names(`MATCH (n:${label}) RETURN n.name`));
  });

  test('E5: the patients and teams of a doctor, and the doctors of a patient', async () => {
    const [doctor] = await names(
      'MATCH (d:Doctor)-[:TREATS]->(p) WITH d, count(p) AS many ORDER BY many DESC LIMIT 1 RETURN d.name',
    );
    const treated = await names('MATCH (:Doctor {name: $name})-[:TREATS]->(p:Patient) RETURN p.name', doctor);
    expect(treated.length).toBeGreaterThan(2);
    const who = `Practitioner/${named('Practitioner', doctor!).id}`;
    const patients = await demo.all(`Patient?general-practitioner=${who}&_count=500`);
    expect(patients.map(nameIn).sort()).toEqual(treated);
    const teams = (await demo.all(`CareTeam?participant=${who}&_count=500`)) as CareTeam[];
    expect(teams.map(({ subject }) => subject?.reference).sort()).toEqual(
      patients.map(({ id }) => `Patient/${id}`).sort(),
    );
    const [team] = (await demo.all(`CareTeam?subject=Patient/${patients[0]!.id}`)) as CareTeam[];
    expect(team!.participant!.map(({ member }) => member!.display).sort()).toEqual(
      await names('MATCH (d:Doctor)-[:TREATS]->(:Patient {name: $name}) RETURN d.name', nameIn(patients[0]!)),
    );
  });

  test('E5: a chain and _has walk the same way, and a search brings its doctors along', async () => {
    const [doctor] = await names('MATCH (d:Doctor)-[:TREATS]->() RETURN d.name ORDER BY d.name LIMIT 1');
    const treated = await names('MATCH (:Doctor {name: $name})-[:TREATS]->(p:Patient) RETURN p.name', doctor);
    const asked = encodeURIComponent(doctor!);
    const chained = await demo.all(`Patient?general-practitioner:Practitioner.name:exact=${asked}&_count=500`);
    expect(chained.map(nameIn).sort()).toEqual(treated);
    const back = await demo.all(
      `Practitioner?_has:Patient:general-practitioner:name:exact=${encodeURIComponent(treated[0]!)}&_count=500`,
    );
    expect(back.map(nameIn).sort()).toEqual(
      await names('MATCH (d:Doctor)-[:TREATS]->(:Patient {name: $name}) RETURN d.name', treated[0]),
    );
    const page = await demo.search(
      `Patient?name:exact=${encodeURIComponent(treated[0]!)}&_include=Patient:general-practitioner`,
    );
    const included = page.entry!.filter(({ search }) => search?.mode === 'include').map(({ resource }) => resource!);
    expect(included.map(nameIn).sort()).toEqual(back.map(nameIn).sort());
  });
});

describe('E8: one person in three stores', () => {
  const system = 'https://healthsync.dev/fhir/sid/vitals/patient-name';
  const lines = (source: string, type: string) =>
    demo.served.filter((line) => line.source === source && line.type === type);
  const textOf = (resource: Resource | undefined) => (resource as Patient | undefined)?.name?.[0]?.text ?? '';
  const nameOfSubject = (resource: Resource) => (resource as Observation).subject?.identifier?.value;
  const idsOf = (resources: readonly Resource[]) => resources.map(({ id }) => id!).sort();
  const fromVitals = (resources: readonly Resource[]) => resources.filter((one) => sourceOf(one) === 'vitals');

  test('a name joins nothing; once it is linked, each store is searched by its own key', async () => {
    const measured = new Set(lines('vitals', 'Observation').map(({ native }) => native!.key[1]!));
    const profiles = new Map(everything.map((resource) => [nameOf(resource), resource]));
    const found = lines('care-graph', 'Patient').flatMap(({ person, native }) => {
      const profile = lines('monitoring', 'Patient').find((line) => line.person === person)?.id;
      const name = textOf(profiles.get(`Patient/${profile}`));
      return profile !== undefined && measured.has(name) ? [{ profile, name, node: native!.key[0]! }] : [];
    });
    // One whose name is spelt in another way in the graph, if there is one.
    const { profile, name, node } = found.find((one) => one.name !== one.node) ?? found[0]!;
    const { id: inGraph } = everything.find(
      (one) => one.resourceType === 'Patient' && sourceOf(one) === 'care-graph' && textOf(one) === node,
    )!;
    const vitals = 'category=vital-signs&_count=500';
    expect(await demo.all(`Observation?patient=${profile}&${vitals}`)).toEqual([]);

    const configuration = join(demo.folder, 'healthsync.yaml');
    writeFileSync(configuration, JSON.stringify({ sources: demo.configuration.sources }), { mode: 0o600 });
    const file = join(demo.folder, 'links.csv');
    const key = `Patient?identifier=${system}|${name}`.replaceAll('"', '""');
    writeFileSync(file, `one,other\nPatient/${profile},Patient/${inGraph}\n"${key}",Patient/${profile}\n`);
    expect(await runHealthsync('links', 'import', file, '--config', configuration)).toEqual({
      code: 0,
      out: '2 links added, 0 were there already, 0 lines left out\n',
      err: '',
    });

    const expected = everything.filter((one) => sourceOf(one) === 'vitals' && nameOfSubject(one) === name);
    expect(expected.length).toBeGreaterThan(5);
    for (const id of [profile, inGraph]) {
      const observed = (await demo.all(`Observation?patient=Patient/${id}&${vitals}&_sort=-date`)) as Observation[];
      expect(idsOf(observed)).toEqual(idsOf(expected));
      const times = observed.map(({ effectiveDateTime }) => Date.parse(effectiveDateTime!));
      expect(times).toEqual([...times].sort((a, b) => b - a));
      // Of several, the first of their ids.
      const [first] = [profile, inGraph].sort();
      expect(new Set(observed.map(({ subject }) => subject?.reference))).toEqual(new Set([`Patient/${first}`]));
      expect(idsOf(await demo.all(`CareTeam?subject=Patient/${id}`))).toEqual([inGraph]);
      joined.push(...observed.slice(0, 3));
    }
    const spelt = encodeURIComponent(node);
    const chained = await demo.all(`Observation?patient:Patient.name:exact=${spelt}&${vitals}`);
    expect(idsOf(fromVitals(chained))).toEqual(idsOf(expected));
    const back = await demo.all(`Patient?_has:Observation:patient:_id=${expected[0]!.id}`);
    expect(idsOf(back)).toEqual([profile, inGraph].sort());
    // Nobody else's name has become a person.
    const others = fromVitals(await demo.all(`Observation?${vitals}`)).filter((one) => nameOfSubject(one) !== name);
    expect(others.length).toBeGreaterThan(0);
    expect(others.filter((one) => (one as Observation).subject?.reference !== undefined)).toEqual([]);
  }, 120_000);
});

withValidator(
  'the validator of HL7 finds no error, with the definitions of profiles/',
  () => refuseInvalid([...sample(everything, 10), ...joined]),
  600_000,
);

describe('an index is used wherever the schema has one', () => {
  beforeAll(async () => {
    // So small tables are read whole as quickly: PostgreSQL is asked what it would do with large ones.
    const client = new pg.Client(own.servers['ehr-billing']);
    await client.connect();
    const [{ name }] = (await client.query('SELECT current_database() AS name')).rows as [{ name: string }];
    await client.query(`ALTER DATABASE "${name}" SET enable_seqscan = off`);
    await client.query(
      'SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = $1 AND pid <> pg_backend_pid()',
      [name],
    );
    await client.end();
  });
  for (const one of explained) if (one.kind !== 'sqlite') explainedTests(one, () => demo);
});

/** What stored ids stand for, by the state database of the server: {"relation", "key"} as JSON, by the opaque text. */
function storedKeys(folder: string): ReadonlyMap<string, string> {
  const database = new Database(join(folder, 'state/state.db'), { readonly: true });
  const rows = database.prepare<[], { opaque: string; relation: string; key: string }>('SELECT * FROM ids').all();
  database.close();
  return new Map(rows.map(({ opaque, relation, key }) => [opaque, JSON.stringify({ relation, key })]));
}

/** Up to so many resources of each source, type and, of Observations, code. */
function sample(resources: readonly Resource[], most: number): readonly Resource[] {
  const taken = new Map<string, number>();
  return resources.filter((resource) => {
    const code = resource.resourceType === 'Observation' ? resource.code?.coding?.[0]?.code : '';
    const kind = `${sourceOf(resource)} ${resource.resourceType} ${code}`;
    taken.set(kind, (taken.get(kind) ?? 0) + 1);
    return taken.get(kind)! <= most;
  });
}
