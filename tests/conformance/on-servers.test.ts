import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import type { Resource } from '@medplum/fhirtypes';
import { serverSources } from '#demo/servers.js';
import { checkSource } from '#src/check/check-source.js';
import { openSource } from '#src/compose.js';
import { type DemoOnServers, startOnServers } from '../support/demo-on-servers.js';
import { ownDatabases } from '../support/own-databases.js';
import { referencesIn } from '../support/references-in.js';
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
    expect(truth.length).toBeGreaterThan(50);
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

withValidator(
  'the validator of HL7 finds no error, with the definitions of profiles/',
  () => refuseInvalid(sample(everything, 10)),
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
