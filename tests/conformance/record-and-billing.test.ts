import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import type { Account, Condition, Encounter, Invoice, Organization, Patient, Resource } from '@medplum/fhirtypes';
import { type Document, MongoClient } from 'mongodb';
import pg from 'pg';
import { type DemoOnServers, startOnServers } from '../support/demo-on-servers.js';
import { nativeQueries } from '../support/native-queries.js';
import { ownDatabases } from '../support/own-databases.js';
import { serverUrl } from '../support/server-url.js';

/** What the record and its billing did with one another, answered by searches, against the databases themselves. */
const own = ownDatabases({
  postgres: serverUrl('HEALTHSYNC_TEST_POSTGRES_URL'),
  mongodb: serverUrl('HEALTHSYNC_TEST_MONGODB_URL'),
});
const { ehr, 'ehr-billing': billing } = own.servers as Record<'ehr' | 'ehr-billing', string>;

let demo: DemoOnServers;
let postgres: pg.Client;
let mongo: MongoClient;
let records: readonly Document[];
beforeAll(async () => {
  demo = await startOnServers({ ehr, 'ehr-billing': billing }, { seed: 12, patients: 400 });
  postgres = new pg.Client(billing);
  await postgres.connect();
  mongo = new MongoClient(ehr);
  records = await mongo.db().collection('patients').find().toArray();
}, 120_000);
afterAll(async () => {
  await demo?.stop();
  await postgres?.end();
  await mongo?.close();
  await own.drop();
});

const found = async <R extends Resource>(query: string) => (await demo.all(query)) as unknown as readonly R[];
const total = async (query: string) => (await demo.search(`${query}&_summary=count`)).total;
const rows = async (sql: string) =>
  (await postgres.query({ text: sql, rowMode: 'array' })).rows.map((row) => row.map(String));
const keys = (resources: readonly Resource[]) => resources.map(({ id }) => id!.slice(id!.indexOf('.') + 1));
const number = (id: string) => encodeURIComponent(`https://healthsync.dev/fhir/sid/ehr/patient-id|${id}`);

describe('one patient, two databases', () => {
  test('C2: the stays, the account and the bills of a patient of the record, and the record itself', async () => {
    const [[id]] = (await rows(
      `SELECT patient_id FROM billing WHERE patient_id = ANY ('{${records.map((one) => one.patient_id).join(',')}}')
       GROUP BY 1 ORDER BY count(*) DESC, 1 LIMIT 1`,
    )) as [[string]];
    const stays = await rows(`SELECT admission_id FROM admissions WHERE patient_id = '${id}' ORDER BY 1`);
    const imp = await found<Encounter>(`Encounter?patient=Patient/ehr.${id}&class=IMP`);
    expect(keys(imp).sort()).toEqual(stays.flat());
    const { medical_records: held } = records.find((one) => one.patient_id === id)!;
    const visits = new Set((held?.medical_history ?? []).map((one: Document) => one.visit_id));
    expect(await total(`Encounter?patient=Patient/ehr.${id}&class=AMB`)).toBe(visits.size);
    const [account] = await found<Account>(`Account?patient=Patient/ehr.${id}&_include=Account:patient`);
    const bills = await found<Invoice>(`Invoice?account=Account/${account!.id}`);
    expect(bills.every(({ subject }) => subject!.reference === `Patient/ehr.${id}`)).toBe(true);
    expect(bills.length).toBeGreaterThan(0);
    const [patient] = await found<Patient>(`Patient?identifier=${number(id)}`);
    expect(patient!.id).toBe(`ehr.${id}`);
  });

  test('C2: one whom the record does not have is told of all the same, under the number', async () => {
    const known = new Set(records.map((one) => one.patient_id));
    const lost = (await rows('SELECT DISTINCT patient_id FROM admissions ORDER BY 1'))
      .flat()
      .filter((id) => !known.has(id));
    expect(lost.length).toBeGreaterThan(0);
    const [id] = lost as [string];
    const stays = (await rows(`SELECT admission_id FROM admissions WHERE patient_id = '${id}' ORDER BY 1`)).flat();
    const read = await found<Encounter>(`Encounter?subject:identifier=${number(id)}`);
    expect(keys(read).sort()).toEqual(stays);
    expect(read[0]!.subject!.identifier!.value).toBe(id);
    expect((await demo.get(`Patient/ehr.${id}`)).status).toBe(404);
  });

  test('a patient whom nobody has is 404, and not 200 with null', async () => {
    const answer = await demo.get('Patient/ehr.nobody');
    expect([answer.status, ((await answer.json()) as Resource).resourceType]).toEqual([404, 'OperationOutcome']);
  });

  test('the text None is no diagnosis, and a visit number that is there twice is one visit', async () => {
    const visits = records.flatMap(({ patient_id: id, medical_records: held }) => {
      const first = new Map<string, Document>();
      for (const one of held?.medical_history ?? []) if (!first.has(one.visit_id)) first.set(one.visit_id, one);
      return [...first.values()].map((visit) => ({ ...visit, id: `${id}.${visit.visit_id}` }) as Document);
    });
    const every = records.flatMap(({ medical_records: held }) => held?.medical_history ?? []);
    expect(visits.length).toBeLessThan(every.length);
    expect(visits.some(({ diagnosis }) => diagnosis === 'None')).toBe(true);
    expect(keys(await found<Encounter>('Encounter?class=AMB&_count=500')).sort()).toEqual(
      visits.map(({ id }) => id).sort(),
    );
    const diagnosed = visits
      .filter(({ diagnosis }) => diagnosis && diagnosis !== 'None')
      .map(({ id }) => `${id}.diagnosis`);
    expect(keys(await found<Condition>('Condition?_count=500')).sort()).toEqual(diagnosed.sort());
  });
});

describe('stays', () => {
  test('C5: all of them, newest first, page by page', async () => {
    const sorted = await rows(`SELECT admission_id, admission_date::text FROM admissions ORDER BY 2 DESC`);
    const read = await found<Encounter>('Encounter?class=IMP&_sort=-date&_count=37');
    expect(read.map(({ period }) => period!.start)).toEqual(sorted.map(([, date]) => date));
    expect(new Set(keys(read))).toEqual(new Set(sorted.map(([id]) => id)));
    expect(read.length).toBe(sorted.length);
  });

  test('C7: the stays of each department are as many as a search for them finds', async () => {
    const counts = await rows(
      'SELECT hospital_department, count(*) FROM admissions WHERE hospital_department IS NOT NULL GROUP BY 1',
    );
    const departments = await found<Organization>('Organization?type=dept');
    expect(departments.map(({ name }) => name).sort()).toEqual(counts.map(([name]) => name).sort());
    for (const { id, name } of departments) {
      const [, count] = counts.find(([of]) => of === name)!;
      expect(await total(`Encounter?service-provider=Organization/${id}`)).toBe(Number(count));
    }
    expect(await total(`Encounter?class=IMP&service-provider:missing=true`)).toBe(
      Number((await rows('SELECT count(*) FROM admissions WHERE hospital_department IS NULL'))[0]![0]),
    );
  });

  test('C9: a search for a year reads the stays of that year and of those before it, which may last into it, and no partition after', async () => {
    const queries = await nativeQueries(demo, 'Encounter?class=IMP&date=ge2023-01-01&date=lt2024-01-01&_sort=date');
    const [{ text, values }] = queries.filter(({ source }) => source === 'ehr-billing') as [(typeof queries)[number]];
    const plan = (await postgres.query(`EXPLAIN ${text}`, [...values])).rows.map((row) => row['QUERY PLAN']).join('\n');
    const partitions = await rows(
      `SELECT inhrelid::regclass::text FROM pg_inherits WHERE inhparent = 'admissions'::regclass ORDER BY 1`,
    );
    const read = new Set([...plan.matchAll(/ on (admissions_\d{4}) t0_/g)].map(([, name]) => name));
    expect([...read].sort()).toEqual(partitions.flat().filter((name) => name <= 'admissions_2023'));
    expect(read.size).toBeLessThan(partitions.length);
  });
});

describe('bills', () => {
  test('C6: what is left to pay is the total less what is paid, whatever the stored balance says', async () => {
    const bills = await rows(
      `SELECT bill_id, total_amount, paid_amount, balance_amount FROM billing WHERE payment_status IN
       ('Paid', 'PAID', 'Pending', 'Partial', 'Overdue') ORDER BY 1`,
    );
    expect(bills.some(([, sum, paid, left]) => Number(sum) - Number(paid) !== Number(left))).toBe(true);
    const read = new Map((await found<Invoice>('Invoice?_count=500')).map((one) => [one.id, one]));
    expect(read.size).toBe(bills.length);
    for (const [id, sum, paid] of bills) {
      const { totalGross, extension = [] } = read.get(`ehr-billing.${id}`)!;
      const part = extension.find(({ url }) => url.endsWith('/paid-amount'))?.valueMoney;
      expect([totalGross?.value, part?.value]).toEqual([Number(sum), Number(paid)]);
    }
  });

  test('C4, C6: a bill of a stay that nobody entered is kept, and names the stay by its number', async () => {
    const dangling = (
      await rows(
        `SELECT bill_id FROM billing b WHERE payment_status IN ('Paid', 'PAID', 'Pending', 'Partial', 'Overdue')
         AND NOT EXISTS (SELECT 1 FROM admissions a WHERE a.admission_id = b.admission_id) ORDER BY 1`,
      )
    ).flat();
    expect(dangling.length).toBeGreaterThan(0);
    for (const id of dangling) {
      const { extension } = (await (await demo.get(`Invoice/ehr-billing.${id}`)).json()) as Invoice;
      const { valueReference } = extension!.find(({ url }) => url.endsWith('/billed-encounter'))!;
      expect(valueReference!.reference).toBeUndefined();
      expect(valueReference!.identifier!.value).toMatch(/^X/);
    }
  });

  test('C8: the bills of each status are as many as a search for them finds', async () => {
    for (const [status, texts] of [
      ['balanced', "'Paid', 'PAID'"],
      ['issued', "'Pending', 'Partial', 'Overdue'"],
    ]) {
      const [[count]] = (await rows(`SELECT count(*) FROM billing WHERE payment_status IN (${texts})`)) as [[string]];
      expect(await total(`Invoice?status=${status}`)).toBe(Number(count));
    }
  });
});
