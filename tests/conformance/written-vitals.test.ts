import { afterAll, beforeAll, expect, test } from '@jest/globals';
import type { Observation } from '@medplum/fhirtypes';
import { type DemoOnServers, startOnServers } from '../support/demo-on-servers.js';
import { command } from '../support/line-protocol.js';
import { type OwnDatabases, ownDatabases } from '../support/own-databases.js';
import { serverUrl } from '../support/server-url.js';

/** Vital signs that FHIR adds to InfluxDB: the points before and after. */

const url = serverUrl('HEALTHSYNC_TEST_INFLUXDB_URL');

let own: OwnDatabases;
let demo: DemoOnServers;
beforeAll(async () => {
  own = ownDatabases({ influxdb: url });
  demo = await startOnServers(own.servers, { patients: 20, write: true });
});
afterAll(async () => {
  await demo.stop();
  await own.drop();
});

async function points(): Promise<readonly (readonly unknown[])[]> {
  const [database] = Object.values(own.servers).map((location) => new URL(location).pathname.slice(1));
  const text = await command(
    url.replace(/\/$/, ''),
    `SELECT time, patient, heart_rate, blood_pressure FROM "${database}".."health_metrics" WHERE patient = 'Zoë O''Neil, x=1'`.replace(
      "''",
      "\\'",
    ),
  );
  return (
    (JSON.parse(text) as { results: [{ series?: [{ values: unknown[][] }] }] }).results[0].series?.[0].values ?? []
  );
}

async function send(method: string, path: string, body?: unknown) {
  const answer = await fetch(`${demo.baseUrl}/${path}`, {
    method,
    headers: { 'Content-Type': 'application/fhir+json' },
    ...(body !== undefined && { body: JSON.stringify(body) }),
  });
  const text = await answer.text();
  return {
    status: answer.status,
    allow: answer.headers.get('allow'),
    resource: (text === '' ? {} : JSON.parse(text)) as Observation,
  };
}

const category = [
  {
    coding: [
      {
        system: 'http://terminology.hl7.org/CodeSystem/observation-category',
        code: 'vital-signs',
        display: 'Vital Signs',
      },
    ],
  },
];
const loinc = (code: string, display: string) => ({ coding: [{ system: 'http://loinc.org', code, display }] });
const name = "Zoë O'Neil, x=1";
const subject = {
  type: 'Patient' as const,
  identifier: { system: 'https://healthsync.dev/fhir/sid/vitals/patient-name', value: name },
  display: name,
};
const rate = (value: number, effectiveDateTime: string): Observation => ({
  resourceType: 'Observation',
  status: 'final',
  category,
  code: loinc('8867-4', 'Heart rate'),
  subject,
  effectiveDateTime,
  valueQuantity: { value, unit: 'beats/minute', system: 'http://unitsofmeasure.org', code: '/min' },
});
const mmHg = (value: number) => ({ value, unit: 'mmHg', system: 'http://unitsofmeasure.org', code: 'mm[Hg]' });

test('E3: a heart rate and a blood pressure become points, and are found', async () => {
  const made = await send('POST', 'Observation', rate(72, '2025-07-01T10:00:00.250+05:30'));
  expect(made).toMatchObject({ status: 201, resource: { effectiveDateTime: '2025-07-01T04:30:00.250Z' } });
  const pressure: Observation = {
    resourceType: 'Observation',
    status: 'final',
    category,
    code: loinc('85354-9', 'Blood pressure panel with all children optional'),
    subject,
    effectiveDateTime: '2025-07-01T04:31:00Z',
    component: [
      { code: loinc('8480-6', 'Systolic blood pressure'), valueQuantity: mmHg(120) },
      { code: loinc('8462-4', 'Diastolic blood pressure'), valueQuantity: mmHg(80) },
    ],
  };
  expect((await send('POST', 'Observation', pressure)).status).toBe(201);
  expect(await points()).toEqual([
    ['2025-07-01T04:30:00.25Z', name, 72, null],
    ['2025-07-01T04:31:00Z', name, null, '120/80'],
  ]);
  const found = await demo.all('Observation?code=http://loinc.org|8867-4&date=2025-07-01');
  expect(found.map(({ id }) => id)).toContain(made.resource.id);
});

test('a value is corrected at its point; time and patient are what it is known by', async () => {
  const { resource } = await send('POST', 'Observation', rate(60, '2025-07-02T00:00:00Z'));
  const changed = await send('PUT', `Observation/${resource.id}`, {
    ...resource,
    valueQuantity: { ...resource.valueQuantity, value: 61 },
  });
  expect(changed).toMatchObject({ status: 200, resource: { id: resource.id, valueQuantity: { value: 61 } } });
  expect((await points()).filter(([time]) => String(time).startsWith('2025-07-02'))).toEqual([
    ['2025-07-02T00:00:00Z', name, 61, null],
  ]);
  const moved = { ...resource, effectiveDateTime: '2025-07-02T00:00:01Z' };
  expect((await send('PUT', `Observation/${resource.id}`, moved)).status).toBe(422);
  expect((await send('POST', 'Observation', rate(99, '2025-07-02T00:00:00Z'))).status).toBe(409);
  expect((await points()).filter(([time]) => String(time).startsWith('2025-07-02'))).toHaveLength(1);
});

test('a point is not deleted: 405, which says what is offered', async () => {
  const { resource } = await send('POST', 'Observation', rate(60, '2025-07-03T00:00:00Z'));
  const { status, allow } = await send('DELETE', `Observation/${resource.id}`);
  expect([status, allow]).toEqual([405, expect.stringContaining('PUT')]);
  expect(allow).not.toContain('DELETE');
});

test('two vital signs of one transaction are refused before anything is kept', async () => {
  const before = await points();
  const entry = [1, 2].map((second) => ({
    resource: rate(60 + second, `2025-07-04T00:00:0${second}Z`),
    request: { method: 'POST', url: 'Observation' },
  }));
  const { status } = await send('POST', '', { resourceType: 'Bundle', type: 'transaction', entry });
  expect(status).toBe(422);
  expect(await points()).toEqual(before);
});
