import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import type { Condition, Coverage, Invoice, Patient, Resource } from '@medplum/fhirtypes';
import Database from 'better-sqlite3';
import { type DemoServer, startDemo } from '../support/demo-server.js';

let demo: DemoServer;
let database: Database.Database;
beforeAll(async () => {
  demo = await startDemo({ seed: 11, patients: 80 });
  database = new Database(join(demo.folder, 'his-a/hospital.db'));
}, 60_000);
afterAll(async () => {
  database?.close();
  await demo?.stop();
});

const read = async <T extends Resource>(type: string, id: string) =>
  (await (await demo.get(`${type}/${id}`)).json()) as T;
const insured = () =>
  database.prepare("SELECT patient_id FROM patients WHERE insurance_id NOT IN ('', 'N/A') LIMIT 1").get() as {
    patient_id: string;
  };

describe('versions', () => {
  test('rule 60: a version is stable, unique for the content, and an id; a time that nobody knows is absent', async () => {
    const [first, again] = [await demo.all('Patient?_count=200'), await demo.all('Patient?_count=7')];
    const versions = (patients: readonly Resource[]) =>
      Object.fromEntries(patients.map(({ id, meta }) => [id, meta?.versionId]));
    expect(versions(again)).toEqual(versions(first));
    expect(new Set(Object.values(versions(first))).size).toBe(first.length);
    for (const { meta } of first) {
      expect(meta?.versionId).toMatch(/^[A-Za-z0-9\-.]{1,64}$/);
      expect(meta).not.toHaveProperty('lastUpdated');
    }
  });

  test('rule 101: what a resource is made of changes its version, and no other', async () => {
    const { patient_id } = insured();
    const id = `his-a.${patient_id}`;
    const versions = async () => ({
      patient: (await read<Patient>('Patient', id)).meta?.versionId,
      coverage: (await demo.all(`Coverage?beneficiary=Patient/${id}`)).map(
        (coverage: Resource) => (coverage as Coverage).meta?.versionId,
      ),
    });
    const before = await versions();
    expect(before.coverage).toHaveLength(1);
    database.prepare('UPDATE patients SET phone = ? WHERE patient_id = ?').run('+91 99999 00000', patient_id);
    const after = await versions();
    expect(after.patient).not.toBe(before.patient);
    expect(after.coverage).toEqual(before.coverage);
    expect((await read<Patient>('Patient', id)).telecom?.[0]?.value).toBe('+91 99999 00000');
  });
});

describe('rule 99: what the sources write is served as it is meant', () => {
  test('a local time has the zone of its source, and a date has none', async () => {
    const [timed, dated] = database
      .prepare("SELECT transaction_id FROM finance WHERE payment_status = 'Paid' LIMIT 2 OFFSET 1")
      .pluck()
      .all() as [string, string];
    const update = database.prepare('UPDATE finance SET billing_date = ? WHERE transaction_id = ?');
    update.run('2024-05-01 10:30:00', timed);
    update.run('2024-05-01', dated);
    const dateOf = async (key: string) => (await read<Invoice>('Invoice', `his-a.${key}`)).date;
    expect([await dateOf(timed), await dateOf(dated)]).toEqual(['2024-05-01T10:30:00+05:30', '2024-05-01']);
  });

  test('an amount keeps its digits, and null, blank and N/A are nothing', async () => {
    const { transaction_id } = database
      .prepare("SELECT transaction_id FROM finance WHERE payment_status = 'Paid' LIMIT 1")
      .get() as { transaction_id: string };
    database
      .prepare(
        'UPDATE finance SET amount = 1234.5, tax = NULL, receipt_number = ?, due_date = ? WHERE transaction_id = ?',
      )
      .run('  ', '0000-00-00', transaction_id);
    const invoice = await read<Invoice>('Invoice', `his-a.${transaction_id}`);
    expect(invoice.totalPriceComponent?.map(({ type, amount }) => [type, amount?.value])).not.toContainEqual([
      'tax',
      expect.anything(),
    ]);
    expect(invoice.totalPriceComponent?.find(({ type }) => type === 'base')?.amount?.value).toBe(1234.5);
    expect(invoice.identifier).toHaveLength(1);
    expect(invoice.extension?.map(({ url }) => url) ?? []).not.toContain(
      'https://healthsync.dev/fhir/StructureDefinition/due-date',
    );
  });
});

describe('rule 102: translated codes', () => {
  const severe = 'http://snomed.info/sct|24484000';

  test('the original coding stays beside the translation, and either finds the resource', async () => {
    const found = (await demo.all(`Condition?severity=${encodeURIComponent(severe)}&_count=500`)) as Condition[];
    expect(found.length).toBeGreaterThan(0);
    const own = found.filter(({ id }) => id?.startsWith('his-a.'));
    expect(own.length).toBeGreaterThan(0);
    for (const { severity } of own) {
      expect(severity?.coding?.map(({ system }) => system)).toEqual([
        'http://snomed.info/sct',
        'https://healthsync.dev/fhir/CodeSystem/his-a-severity',
      ]);
    }
    const local = 'https://healthsync.dev/fhir/CodeSystem/his-a-severity|Severe';
    const byOwn = await demo.all(`Condition?severity=${encodeURIComponent(local)}&_count=500`);
    expect(byOwn.map(({ id }) => id).sort()).toEqual(own.map(({ id }) => id).sort());
  });

  test(':not and :missing are about the resource, not the column', async () => {
    const count = async (query: string) => (await demo.search(`Condition?${query}&_summary=count`)).total!;
    const [all, is, not, missing, present] = [
      await count('_count=0'),
      await count(`severity=${encodeURIComponent(severe)}`),
      await count(`severity:not=${encodeURIComponent(severe)}`),
      await count('severity:missing=true'),
      await count('severity:missing=false'),
    ];
    expect([is + not, missing + present]).toEqual([all, all]);
    expect([is, not, missing, present].every((number) => number > 0)).toBe(true);
  });
});
