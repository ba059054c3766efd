import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import type { Condition, Observation, OperationOutcome, Patient, Resource } from '@medplum/fhirtypes';
import { type Document, MongoClient } from 'mongodb';
import { type DemoOnServers, startOnServers } from '../support/demo-on-servers.js';
import { serveConfiguration } from '../support/demo-server.js';
import { command } from '../support/line-protocol.js';
import { nativeQueries } from '../support/native-queries.js';
import { ownDatabases } from '../support/own-databases.js';
import { serverUrl } from '../support/server-url.js';

/** What the monitoring of patients did over its three stores, answered by searches, against the stores themselves; its graph: on-servers.test.ts. */
const own = ownDatabases({
  mongodb: serverUrl('HEALTHSYNC_TEST_MONGODB_URL'),
  influxdb: serverUrl('HEALTHSYNC_TEST_INFLUXDB_URL'),
});
const { monitoring, vitals } = own.servers as Record<'monitoring' | 'vitals', string>;
const influxdb = new URL(vitals);

let demo: DemoOnServers;
let mongo: MongoClient;
let profiles: readonly Document[];
beforeAll(async () => {
  demo = await startOnServers({ monitoring, vitals }, { seed: 13, patients: 200 });
  mongo = new MongoClient(monitoring);
  profiles = await mongo.db().collection('patients').find().toArray();
}, 120_000);
afterAll(async () => {
  await demo?.stop();
  await mongo?.close();
  await own.drop();
});

/** Rows of InfluxDB's own answer. */
async function points(q: string): Promise<readonly (readonly (string | number | null)[])[]> {
  const asked = new URL('/query', influxdb.origin);
  asked.search = String(new URLSearchParams({ db: influxdb.pathname.slice(1), epoch: 'ns', q }));
  const { results } = (await (await fetch(asked)).json()) as { results: { series?: { values: never[] }[] }[] };
  return results.flatMap(({ series = [] }) => series.flatMap(({ values }) => values));
}

const found = async <R extends Resource>(query: string) => (await demo.all(query)) as unknown as readonly R[];
const total = async (query: string) => (await demo.search(`${query}&_summary=count`)).total;
const encoded = encodeURIComponent;
const loinc = (code: string) => encoded(`http://loinc.org|${code}`);
const pressure = `code=${loinc('85354-9')}`;

describe('profiles', () => {
  test('E1: an age is no birth date, and a history is a Condition each; the text None is none', async () => {
    const patients = await found<Patient>('Patient?_count=500');
    expect(patients.length).toBe(profiles.length);
    expect(patients.filter(({ birthDate }) => birthDate !== undefined)).toEqual([]);
    const told = profiles.flatMap(({ medical_history: of }) =>
      (of as string[]).filter((text) => text && text !== 'None'),
    );
    expect(profiles.some(({ medical_history: of }) => of.includes('None'))).toBe(true);
    expect((await found<Condition>('Condition?_count=500')).length).toBe(told.length);
  });

  test('E2: a search by name is answered by the index on the name', async () => {
    const { name } = profiles[0]!;
    for (const query of [`Patient?name:exact=${encoded(name)}`, `Patient?name=${encoded(name.slice(0, 4))}`]) {
      const [asked] = await nativeQueries(demo, query);
      expect([query, asked!.access, asked!.index]).toEqual([query, 'index', 'name_1']);
      expect(await total(query)).toBeGreaterThan(0);
    }
  });

  test('E7: the patients of a region', async () => {
    const north = profiles.filter(({ region }) => region === 'North').map(({ _id }) => `monitoring.${_id}`);
    expect(north.length).toBeGreaterThan(3);
    expect((await found('Patient?address-state=North')).map(({ id }) => id).sort()).toEqual(north.sort());
  });
});

describe('measurements', () => {
  test('E3: a pressure from one text and one from two fields are the same two components', async () => {
    const texts = (await points('SELECT blood_pressure FROM health_metrics')).map(([, text]) => String(text));
    const fields = await points('SELECT systolic, diastolic FROM body_data');
    const whole = texts.filter((text) => /^\d+\/\d+$/.test(text));
    const pairs = [...whole.map((text) => text.split('/').map(Number)), ...fields.map(([, high, low]) => [high, low])];
    expect(whole.length).toBeLessThan(texts.length);
    const observations = await found<Observation>(`Observation?${pressure}&_count=500`);
    expect(observations.length).toBe(texts.length + fields.length);
    const both = observations.flatMap(({ component = [] }) => {
      const [high, low] = ['8480-6', '8462-4'].map(
        (code) => component.find((one) => one.code.coding![0]!.code === code)?.valueQuantity?.value,
      );
      return high !== undefined && low !== undefined ? [[high, low]] : [];
    });
    const sorted = (list: readonly unknown[]) => list.map(String).sort();
    expect(sorted(both)).toEqual(sorted(pairs));
    expect(
      observations
        .filter(({ valueString }) => valueString)
        .map(({ valueString }) => valueString)
        .sort(),
    ).toEqual(texts.filter((text) => !/^\d+\/\d+$/.test(text)).sort());
  });

  test('E3, E4: what is written to one measurement and what is read from the other are both there', async () => {
    const [[, written], [, read]] = (await points(
      'SELECT count(heart_rate) FROM health_metrics; SELECT count(heart_rate) FROM body_data',
    )) as [(string | number)[], (string | number)[]];
    expect(Number(written)).toBeGreaterThan(Number(read));
    expect(await total(`Observation?code=${loinc('8867-4')}`)).toBe(Number(written) + Number(read));
  });

  test('E4: the last hour of one patient, newest first, in whichever zone the hour is said', async () => {
    const last = (await points('SELECT last(heart_rate), patient FROM health_metrics'))[0]!;
    const until = BigInt(last[0]!) / 1_000_000_000n;
    const name = String(last[2]);
    const from = new Date(Number(until - 3_600n) * 1000);
    const since = `time >= '${from.toISOString()}' AND patient = '${name.replaceAll("'", "\\'")}'`;
    const measured = await Promise.all(
      ['health_metrics', 'body_data'].map((of) => points(`SELECT heart_rate FROM ${of} WHERE ${since}`)),
    );
    const india = `${new Date(from.getTime() + 19_800_000).toISOString().slice(0, 19)}+05:30`;
    const patient = `subject:identifier=${encoded(`https://healthsync.dev/fhir/sid/vitals/patient-name|${name}`)}`;
    for (const start of [from.toISOString(), india]) {
      const query = `Observation?category=vital-signs&${patient}&code=${loinc('8867-4')}&date=ge${encoded(start)}&_sort=-date&_count=3`;
      const read = await found<Observation>(query);
      expect(read.length).toBe(measured.flat().length);
      expect(read.length).toBeGreaterThan(0);
      const times = read.map(({ effectiveDateTime: at }) => Date.parse(at!));
      expect(times).toEqual([...times].sort((a, b) => b - a));
    }
  });

  test('a measurement of another name is a fault that is told, and not an empty answer', async () => {
    await command(influxdb.origin, `CREATE DATABASE "${influxdb.pathname.slice(1)}_renamed"`);
    const sources = demo.configuration.sources.map((source) =>
      source.name === 'vitals' ? { ...source, location: `${vitals}_renamed` } : source,
    );
    const server = { ...demo.configuration.server, stateFolder: mkdtempSync(join(tmpdir(), 'healthsync-state-')) };
    const renamed = await serveConfiguration({ ...demo.configuration, server, sources }, server.stateFolder);
    try {
      const answer = await renamed.get(`Observation?code=${loinc('8867-4')}`);
      expect(answer.status).toBeGreaterThanOrEqual(500);
      const { resourceType, issue } = (await answer.json()) as OperationOutcome;
      expect(resourceType).toBe('OperationOutcome');
      expect(JSON.stringify(issue)).toContain('vitals');
    } finally {
      await renamed.stop();
      await command(influxdb.origin, `DROP DATABASE "${influxdb.pathname.slice(1)}_renamed"`);
    }
  });
});
