import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import type { CareTeam, Resource } from '@medplum/fhirtypes';
import neo4j, { type Driver } from 'neo4j-driver';
import { serverSources } from '#demo/servers.js';
import { checkSource } from '#src/check/check-source.js';
import { openSource } from '#src/compose.js';
import { type DemoOnServers, startOnServers } from '../support/demo-on-servers.js';
import type { DemoServer } from '../support/demo-server.js';
import { ownDatabases } from '../support/own-databases.js';
import { referencesIn } from '../support/references-in.js';
import { serverUrl } from '../support/server-url.js';
import { serveGraphByName } from './care-graph.js';
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
/** What the graph will serve once names have ids. */
const graphed: Resource[] = [];
beforeAll(async () => {
  demo = await startOnServers(own.servers, { seed: 7, patients: 400 });
  for (const type of demo.engine.types.keys()) everything.push(...(await demo.all(`${type}?_count=500`)));
}, 120_000);
afterAll(async () => {
  await demo?.stop();
  await own.drop();
});

const nameOf = ({ resourceType, id }: Resource) => `${resourceType}/${id}`;
const sourceOf = ({ id }: Resource) => id!.split('.')[0];

describe.each(sources)('%s', (source) => {
  const ofSource = () => everything.filter((resource) => sourceOf(resource) === source);

  test('exactly what the truth tells is served, each under one id', () => {
    const truth = demo.served.filter((line) => line.source === source).map(({ type, id }) => `${type}/${id}`);
    expect(truth.length).toBeGreaterThan(0);
    expect(ofSource().map(nameOf).sort()).toEqual(truth.sort());
    expect(new Set(truth).size).toBe(truth.length);
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

describe('who treats whom, once names have ids', () => {
  let graph: DemoServer;
  let driver: Driver;
  beforeAll(async () => {
    const url = new URL(own.servers['care-graph']!);
    driver = neo4j.driver(`${url.protocol}//${url.host}`, neo4j.auth.basic(url.username, url.password));
    graph = await serveGraphByName(url.href);
    for (const type of graph.engine.types.keys()) graphed.push(...(await graph.all(`${type}?_count=500`)));
  }, 60_000);
  afterAll(async () => {
    await graph?.stop();
    await driver?.close();
  });
  const names = async (cypher: string, name = '') => {
    const { records } = await driver.executeQuery(cypher, { name });
    return records.map((record) => String(record.get(0))).sort();
  };
  const nameIn = (resource: Resource) =>
    'name' in resource && Array.isArray(resource.name) ? (resource.name[0] as { text: string }).text : '';
  const named = async (type: string, name: string) =>
    (await graph.all(`${type}?_count=500`)).find((one) => nameIn(one) === name)!;

  test('E5: everybody in the graph is there, and nobody twice', async () => {
    for (const [type, label] of [
      ['Patient', 'Patient'],
      ['Practitioner', 'Doctor'],
    ])
      expect((await graph.all(`${type}?_count=500`)).map(nameIn).sort()).toEqual(
        await names(`MATCH (n:${label}) RETURN n.name`),
      );
  });

  test('E5: the patients and teams of a doctor, and the doctors of a patient', async () => {
    const [doctor] = await names(
      'MATCH (d:Doctor)-[:TREATS]->(p) WITH d, count(p) AS many ORDER BY many DESC LIMIT 1 RETURN d.name',
    );
    const treated = await names('MATCH (:Doctor {name: $name})-[:TREATS]->(p:Patient) RETURN p.name', doctor);
    expect(treated.length).toBeGreaterThan(2);
    const who = `Practitioner/${(await named('Practitioner', doctor!)).id}`;
    const patients = await graph.all(`Patient?general-practitioner=${who}&_count=500`);
    expect(patients.map(nameIn).sort()).toEqual(treated);
    const teams = (await graph.all(`CareTeam?participant=${who}&_count=500`)) as CareTeam[];
    expect(teams.map(({ subject }) => subject?.reference).sort()).toEqual(
      patients.map(({ id }) => `Patient/${id}`).sort(),
    );
    const [team] = (await graph.all(`CareTeam?subject=Patient/${patients[0]!.id}`)) as CareTeam[];
    expect(team!.participant!.map(({ member }) => member!.display).sort()).toEqual(
      await names('MATCH (d:Doctor)-[:TREATS]->(:Patient {name: $name}) RETURN d.name', nameIn(patients[0]!)),
    );
  });

  test('E5: a chain and _has walk the same way, and a search brings its doctors along', async () => {
    const [doctor] = await names('MATCH (d:Doctor)-[:TREATS]->() RETURN d.name ORDER BY d.name LIMIT 1');
    const treated = await names('MATCH (:Doctor {name: $name})-[:TREATS]->(p:Patient) RETURN p.name', doctor);
    const asked = encodeURIComponent(doctor!);
    const chained = await graph.all(`Patient?general-practitioner:Practitioner.name:exact=${asked}&_count=500`);
    expect(chained.map(nameIn).sort()).toEqual(treated);
    const back = await graph.all(
      `Practitioner?_has:Patient:general-practitioner:name:exact=${encodeURIComponent(treated[0]!)}&_count=500`,
    );
    expect(back.map(nameIn).sort()).toEqual(
      await names('MATCH (d:Doctor)-[:TREATS]->(:Patient {name: $name}) RETURN d.name', treated[0]),
    );
    const page = await graph.search(
      `Patient?name:exact=${encodeURIComponent(treated[0]!)}&_include=Patient:general-practitioner`,
    );
    const included = page.entry!.filter(({ search }) => search?.mode === 'include').map(({ resource }) => resource!);
    expect(included.map(nameIn).sort()).toEqual(back.map(nameIn).sort());
  });
});

withValidator(
  'the validator of HL7 finds no error, with the definitions of profiles/',
  () => refuseInvalid(sample([...everything, ...graphed], 10)),
  600_000,
);

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
