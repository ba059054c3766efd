import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import type {
  Bundle,
  Condition,
  DiagnosticReport,
  ImagingStudy,
  Observation,
  OperationOutcome,
  Patient,
  Practitioner,
  Resource,
} from '@medplum/fhirtypes';
import { type Document, MongoClient } from 'mongodb';
import { type Connection, createConnection } from 'mysql2/promise';
import { type DemoOnServers, startOnServers } from '../support/demo-on-servers.js';
import { serveConfiguration } from '../support/demo-server.js';
import { ownDatabases } from '../support/own-databases.js';
import { serverUrl } from '../support/server-url.js';

/** What the registry, the imaging system and the laboratory did with one another, answered by searches, against the databases themselves. */
const all = ownDatabases({
  mysql: serverUrl('HEALTHSYNC_TEST_MYSQL_URL'),
  mongodb: serverUrl('HEALTHSYNC_TEST_MONGODB_URL'),
});
const { registry, imaging, lab } = all.servers as Record<'registry' | 'imaging' | 'lab', string>;

interface RegistryRow {
  readonly id: number;
  readonly first_name: string;
  readonly last_name: string;
  readonly contact_number: string | null;
  readonly severity: string | null;
}

let demo: DemoOnServers;
let mysql: Connection;
let mongo: MongoClient;
let rows: readonly RegistryRow[];
let images: readonly Document[];
let reports: readonly Document[];
beforeAll(async () => {
  demo = await startOnServers({ registry, imaging, lab }, { seed: 11, patients: 400 });
  mysql = await createConnection(registry);
  mongo = new MongoClient(imaging);
  rows = (await mysql.query('SELECT * FROM patient_registry ORDER BY id'))[0] as never;
  images = await mongo.db().collection('Imaging_data').find().toArray();
  reports = await mongo.db(new URL(lab).pathname.slice(1)).collection('Lab_result').find().toArray();
}, 120_000);
afterAll(async () => {
  await demo?.stop();
  await mysql?.end();
  await mongo?.close();
  await all.drop();
});

const found = async <R extends Resource>(query: string) => (await demo.all(query)) as unknown as readonly R[];
const total = async (query: string) =>
  (await demo.search(`${query}${query.includes('?') ? '&' : '?'}_summary=count`)).total;
const keys = (resources: readonly Resource[]) => resources.map(({ id }) => id!.slice(id!.indexOf('.') + 1)).sort();
const idsOf = (documents: readonly Document[]) => documents.map(({ _id }) => String(_id)).sort();
const known = (number: unknown) => rows.some(({ id }) => id === number);
const most = (documents: readonly Document[], field: string) => {
  const counts = new Map<number, number>();
  for (const one of documents) if (known(one[field])) counts.set(one[field], (counts.get(one[field]) ?? 0) + 1);
  return [...counts].reduce((a, b) => (b[1] > a[1] ? b : a))[0];
};
const encoded = encodeURIComponent;

describe('the registry', () => {
  test('A1: each of its patients is served with the number, the name and the telephone number that it has', async () => {
    const patients = new Map((await found<Patient>('Patient?_count=500')).map((one) => [one.id, one]));
    expect(patients.size).toBe(rows.length);
    for (const row of rows) {
      const patient = patients.get(`registry.${row.id}`)!;
      expect(patient.identifier![0]!.value).toBe(String(row.id));
      expect(patient.name![0]).toMatchObject({ family: row.last_name.trim(), given: [row.first_name.trim()] });
      const phone = row.contact_number?.trim();
      if (phone && phone !== 'N/A')
        expect(patient.telecom!.find(({ system }) => system === 'phone')!.value).toBe(phone);
    }
  });

  test('A phone number keeps its leading zero, and is found with it', async () => {
    const row = rows.find(({ contact_number: phone }) => /^0\d{10}$/.test(phone ?? ''))!;
    expect(keys(await found(`Patient?phone=${row.contact_number}`))).toContain(String(row.id));
    expect(await total(`Patient?phone=${row.contact_number!.slice(1)}`)).toBe(0);
  });

  test('A7: two patients of one name are two entries, and neither is an error', async () => {
    const nameOf = (row: RegistryRow) => JSON.stringify([row.first_name.trim(), row.last_name.trim()]);
    const shared = rows.find((row) => rows.some((other) => other.id !== row.id && nameOf(other) === nameOf(row)))!;
    const bearers = rows.filter((row) => nameOf(row) === nameOf(shared)).map(({ id }) => String(id));
    expect(bearers.length).toBeGreaterThan(1);
    const [given, family] = JSON.parse(nameOf(shared)) as [string, string];
    const query = `Patient?given:exact=${encoded(given)}&family:exact=${encoded(family)}`;
    expect(keys(await found(query))).toEqual(bearers.sort());
  });

  test('A7: one is found by number, and an unknown number is no one', async () => {
    const [row] = rows;
    expect(keys(await found(`Patient?identifier=${row!.id}`))).toEqual([String(row!.id)]);
    expect((await demo.get(`Patient/registry.${row!.id}`)).status).toBe(200);
    expect((await demo.get('Patient/registry.999999')).status).toBe(404);
  });

  test('A9, A13: how many are how ill, in whichever case it was typed', async () => {
    const graded = (...texts: string[]) => rows.filter(({ severity }) => texts.includes(severity?.toLowerCase() ?? ''));
    const local = 'https://healthsync.dev/fhir/CodeSystem/registry-severity|';
    const spelt = (text: string) =>
      [...new Set(rows.map(({ severity }) => severity))].filter((one) => one?.toLowerCase() === text);
    for (const text of ['severe', 'mild severe']) {
      const codes = spelt(text).map((one) => encoded(`${local}${one}`));
      expect(codes.length).toBeGreaterThan(1);
      const ill = await found<Patient>(`Patient?_has:Condition:patient:severity=${codes.join(',')}&_count=100`);
      expect(keys(ill)).toEqual(
        graded(text)
          .map(({ id }) => String(id))
          .sort(),
      );
      expect(await total(`Condition?severity=${codes.join(',')}`)).toBe(graded(text).length);
    }
    const healthy = spelt('healthy').map((one) => encoded(`${local}${one}`));
    expect(await total(`Observation?code=severity&value-concept=${healthy.join(',')}`)).toBe(graded('healthy').length);
    const conditions = await found<Condition>('Condition?_count=500');
    expect(conditions.length).toBe(
      rows.filter(({ severity }) => severity && severity.toLowerCase() !== 'healthy').length,
    );
  });
});

describe('the images', () => {
  test('A2: all images of a patient, not the first alone', async () => {
    const number = most(images, 'patient_id');
    const own = images.filter(({ patient_id: of }) => of === number);
    expect(own.length).toBeGreaterThan(1);
    expect(keys(await found(`ImagingStudy?patient=Patient/registry.${number}`))).toEqual(idsOf(own));
    expect(keys(await found(`DocumentReference?patient=registry.${number}`))).toEqual(
      idsOf(own.filter(({ url }) => url)),
    );
  });

  test('A2, A14: one address that is none stops nothing: every image is a study, and no such address is handed on', async () => {
    const studies = await found<ImagingStudy>('ImagingStudy?_count=100');
    expect(keys(studies)).toEqual(idsOf(images));
    const unsafe = images.filter(
      ({ url }) => !/^https:\/\/(drive\.google\.com|images\.example\.org)\//.test(url ?? ''),
    );
    expect(unsafe.length).toBeGreaterThan(5);
    const told = JSON.stringify([
      await found('DocumentReference?_count=100'),
      await found('Endpoint?_count=100'),
      studies,
    ]);
    for (const { url } of unsafe) if (url) expect(told).not.toContain(url);
  });

  test('A11: by the name of the patient, by number and by kind, the patient beside them', async () => {
    const number = most(
      images.filter(({ imaging_type: kind }) => kind === 'MRI'),
      'patient_id',
    );
    const row = rows.find(({ id }) => id === number)!;
    const own = idsOf(images.filter((one) => one.patient_id === number && one.imaging_type === 'MRI'));
    const named = `patient.given:exact=${encoded(row.first_name.trim())}&patient.family:exact=${encoded(row.last_name.trim())}`;
    const query = `ImagingStudy?${named}&patient=Patient/registry.${number}&modality=MR&_include=ImagingStudy:patient`;
    const { entry = [] } = await demo.search(query);
    const of = (mode: string) => entry.filter(({ search }) => search?.mode === mode).map(({ resource }) => resource!);
    expect(keys(of('match'))).toEqual(own);
    expect(keys(of('include'))).toEqual([String(number)]);
    // What DICOM has no code for is found by the word that was written.
    const system = 'https://healthsync.dev/fhir/CodeSystem/imaging-type';
    expect(keys(await found(`ImagingStudy?modality=${encoded(`${system}|X-Ray`)}&_count=100`))).toEqual(
      idsOf(images.filter(({ imaging_type: kind }) => kind === 'X-Ray')),
    );
  });
});

describe('the reports', () => {
  test('A3: all reports of a number, whatever name stands on them; the comments are the conclusion', async () => {
    const number = most(
      reports.filter(({ full_name: name }) => name === name.toUpperCase()),
      'record_id',
    );
    const own = reports.filter(({ record_id: of }) => of === number);
    const read = await found<DiagnosticReport>(`DiagnosticReport?patient=Patient/registry.${number}`);
    expect(keys(read)).toEqual(idsOf(own));
    for (const one of await found<DiagnosticReport>('DiagnosticReport?_count=100')) {
      const { comments } = reports.find(({ _id }) => one.id === `lab.${_id}`)!;
      expect(one.conclusion).toBe(comments || undefined);
    }
  });

  test('A3: a report of a number that nobody has is kept, and keeps the number', async () => {
    const orphans = reports.filter(({ record_id: number }) => !known(number));
    expect(orphans.length).toBeGreaterThan(0);
    const system = 'https://healthsync.dev/fhir/sid/registry/patient-id';
    for (const { _id, record_id: number } of orphans.slice(0, 3))
      expect(keys(await found(`DiagnosticReport?subject:identifier=${encoded(`${system}|${number}`)}`))).toContain(
        String(_id),
      );
  });

  test('A3: a result is found by its code of LOINC, and by the word of the laboratory', async () => {
    const held = reports.filter(({ test_results: of }) => /Hemoglobin/.test(JSON.stringify(of)) && !unreadable(of));
    expect(await total(`Observation?code=${encoded('http://loinc.org|718-7')}`)).toBe(held.length);
    const word = encoded('https://healthsync.dev/fhir/CodeSystem/lab-result|Hemoglobin');
    expect(await total(`Observation?code=${word}`)).toBe(held.length);
  });

  /** Neither an object, nor JSON, nor a dict of Python that was written to its end. */
  const unreadable = (of: unknown) => typeof of === 'string' && (!/^\{.*\}$/.test(of) || of.includes('pending'));
  const written = ({ valueQuantity, valueString }: Observation) => String(valueQuantity?.value ?? valueString);

  test('A6: results are the same from an object, from JSON and from the text of a dict; what is none of them is kept as text', async () => {
    const observations = await found<Observation>('Observation?category=laboratory&_count=500');
    const byReport = new Map<string, Observation[]>();
    for (const one of observations) {
      const [, report = ''] = one.id!.split('.');
      byReport.set(report, [...(byReport.get(report) ?? []), one]);
    }
    const seen = { object: 0, json: 0, python: 0, text: 0 };
    for (const { _id, test_results: of } of reports) {
      const read = byReport.get(String(_id)) ?? [];
      if (unreadable(of)) {
        seen.text++;
        expect(read.map(written)).toEqual([of]);
        continue;
      }
      const kind = typeof of === 'object' ? 'object' : of.startsWith('{"') ? 'json' : 'python';
      seen[kind]++;
      const meant = kind === 'json' ? JSON.parse(of) : of;
      const names =
        kind === 'python' ? [...of.matchAll(/["']([\w ]+)["']: /g)].map(([, name]) => name) : Object.keys(meant);
      expect(read.map(({ code }) => code.coding!.at(-1)!.code).sort()).toEqual(names.sort());
      if (kind === 'python') continue;
      for (const one of read) {
        const value = meant[one.code.coding!.at(-1)!.code!];
        if (value === null) expect(one.dataAbsentReason?.coding?.[0]?.code).toBe('unknown');
        else expect(written(one)).toBe(String(value));
      }
    }
    for (const count of Object.values(seen)) expect(count).toBeGreaterThan(3);
  });
});

describe('the doctors', () => {
  const patientsOf = (name: string) =>
    [
      ...new Set(
        reports.filter((one) => one.doctor_name === name && known(one.record_id)).map((one) => String(one.record_id)),
      ),
    ].sort();
  const busiest = () => {
    const names = [...new Set(reports.map(({ doctor_name: name }) => name as string))];
    return names.reduce((a, b) => (patientsOf(b).length > patientsOf(a).length ? b : a));
  };
  const idOf = async (name: string) => {
    const [doctor] = await found<Practitioner>(`Practitioner?name:exact=${encoded(name)}`);
    return `Practitioner/${doctor!.id}`;
  };

  test('A8: the patients of a doctor', async () => {
    const name = busiest();
    const query = `Patient?_has:DiagnosticReport:patient:results-interpreter=${await idOf(name)}&_count=100`;
    expect(patientsOf(name).length).toBeGreaterThan(1);
    expect(keys(await found(query))).toEqual(patientsOf(name));
  });

  test('A10: those of them who are severely ill', async () => {
    const severe = new Set(rows.filter(({ severity }) => /^severe$/i.test(severity ?? '')).map(({ id }) => String(id)));
    const name = [...new Set(reports.map(({ doctor_name: of }) => of as string))].find((one) =>
      patientsOf(one).some((id) => severe.has(id)),
    )!;
    const codes = encoded('severe,Severe');
    const query = `Patient?_has:DiagnosticReport:patient:results-interpreter=${await idOf(name)}&_has:Condition:patient:severity=${codes}`;
    expect(keys(await found(query))).toEqual(patientsOf(name).filter((id) => severe.has(id)));
  });

  test('A13: the totals of the dashboard, each by a search', async () => {
    expect(await total('Patient')).toBe(rows.length);
    expect(await total('Practitioner')).toBe(new Set(reports.map(({ doctor_name: name }) => name)).size);
    expect(await total('DiagnosticReport')).toBe(reports.length);
    expect(await total('ImagingStudy')).toBe(images.length);
  });
});

describe('a source that is away', () => {
  test('A19: the others answer, and the answer says which one did not', async () => {
    const sources = demo.configuration.sources.map((source) =>
      source.name === 'lab' ? { ...source, location: 'mongodb://127.0.0.1:9/lab', timeoutMs: 2_000 } : source,
    );
    const server = { ...demo.configuration.server, stateFolder: mkdtempSync(join(tmpdir(), 'healthsync-state-')) };
    const crippled = await serveConfiguration({ ...demo.configuration, server, sources }, server.stateFolder);
    try {
      const query = 'Observation?_count=500';
      const bundle = (await (await crippled.get(query)).json()) as Bundle;
      const outcomes = bundle.entry!.filter(({ search }) => search?.mode === 'outcome');
      expect(outcomes).toHaveLength(1);
      expect(JSON.stringify(outcomes[0]!.resource as OperationOutcome)).toContain('lab');
      const matches = bundle.entry!.filter(({ search }) => search?.mode === 'match').map(({ resource }) => resource!);
      expect(new Set(matches.map(({ id }) => id!.split('.')[0]))).toEqual(new Set(['registry']));
      const strict = await crippled.get(query, { prefer: 'handling=strict' });
      expect(strict.status).toBe(503);
      // Whose reports cannot be told is no match, and that is said too.
      const chained = (await (
        await crippled.get('Patient?_has:DiagnosticReport:patient:status=final')
      ).json()) as Bundle;
      expect(chained.entry!.map(({ search }) => search?.mode)).toEqual(['outcome']);
    } finally {
      await crippled.stop();
    }
  });
});
