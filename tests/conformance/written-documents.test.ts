import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import type {
  Condition,
  DiagnosticReport,
  MedicationStatement,
  Observation,
  OperationOutcome,
  Patient,
  Practitioner,
  Resource,
} from '@medplum/fhirtypes';
import { type Document, MongoClient, ObjectId } from 'mongodb';
import neo4j, { type Driver } from 'neo4j-driver';
import { type DemoOnServers, startOnServers } from '../support/demo-on-servers.js';
import { ownDatabases } from '../support/own-databases.js';
import { ownServer } from '../support/own-server.js';
import { serverUrl } from '../support/server-url.js';

/** What the record, the monitoring and its graph let be written, through FHIR, seen in the databases themselves. */
// A graph has one database, which other tests fill anew.
const graphServer = await ownServer('neo4j', { signIn: true });
const own = ownDatabases({ mongodb: serverUrl('HEALTHSYNC_TEST_MONGODB_URL'), neo4j: graphServer.url });
const {
  ehr,
  lab,
  monitoring,
  'care-graph': graph,
} = own.servers as Record<'ehr' | 'lab' | 'monitoring' | 'care-graph', string>;

let demo: DemoOnServers;
let mongo: MongoClient;
let neo: Driver;
beforeAll(async () => {
  demo = await startOnServers({ ehr, lab, monitoring, 'care-graph': graph }, { seed: 14, patients: 60, write: true });
  mongo = new MongoClient(ehr);
  const { protocol, host, username, password } = new URL(graph);
  neo = neo4j.driver(`${protocol}//${host}`, neo4j.auth.basic(username, password));
}, 300_000);
afterAll(async () => {
  await demo?.stop();
  await mongo?.close();
  await neo?.close();
  await own.drop();
  await graphServer.close();
});

interface Answer<R> {
  readonly status: number;
  readonly headers: Headers;
  readonly resource: R;
}

async function ask<R = OperationOutcome>(
  request: string,
  body?: unknown,
  headers: Readonly<Record<string, string>> = {},
): Promise<Answer<R>> {
  const [method, path] = request.split(' ') as [string, string];
  const answer = await fetch(`${demo.baseUrl}/${path}`, {
    method,
    headers: {
      ...(body !== undefined && {
        'Content-Type': Array.isArray(body) ? 'application/json-patch+json' : 'application/fhir+json',
      }),
      ...headers,
    },
    ...(body !== undefined && { body: JSON.stringify(body) }),
  });
  const text = await answer.text();
  return {
    status: answer.status,
    headers: answer.headers,
    resource: (text === '' ? undefined : JSON.parse(text)) as R,
  };
}

const records = () => mongo.db().collection('patients');
const record = async (id: string) => (await records().findOne({ patient_id: id }))!;
const profiles = () => mongo.db(new URL(monitoring).pathname.slice(1)).collection('patients');
const profile = async (id: string) => (await profiles().findOne({ _id: new ObjectId(id) }))!;
const names = async (label: string, name: string) =>
  (await neo.executeQuery(`MATCH (n:${label} {name: $name}) RETURN n.name`, { name })).records.length;
const number = 'https://healthsync.dev/fhir/sid/ehr/patient-id';
const said = ({ resource }: Answer<OperationOutcome>) => resource.issue.map(({ diagnostics }) => diagnostics).join(' ');
const keyOf = (resource: Resource) => resource.id!.slice(resource.id!.indexOf('.') + 1);

const berg = (id: string): Patient => ({
  resourceType: 'Patient',
  identifier: [{ use: 'usual', system: number, value: id }],
  name: [{ use: 'official', text: 'Anna Berg' }],
  telecom: [{ system: 'phone', value: '+91 1' }],
  gender: 'female',
  address: [{ text: 'Pune' }],
});

async function enter(id: string): Promise<void> {
  expect((await ask(`PUT Patient/ehr.${id}`, { ...berg(id), id: `ehr.${id}` })).status).toBe(201);
}

/** A visit with a medication and a diagnosis. */
async function someVisit(): Promise<{ readonly patient: Document; readonly visit: Document; readonly at: number }> {
  for (const patient of await records().find().toArray()) {
    const visits = (patient.medical_records?.medical_history ?? []) as readonly Document[];
    const ids = visits.map(({ visit_id: id }) => id);
    const at = visits.findIndex(
      ({ medications, diagnosis, visit_id: id }) =>
        medications.length > 1 &&
        medications[0].dose &&
        diagnosis &&
        diagnosis !== 'None' &&
        ids.filter((one) => one === id).length === 1,
    );
    if (at >= 0) return { patient, visit: visits[at]!, at };
  }
  throw new Error('no such visit');
}

describe('the record', () => {
  test('C1: a new patient is a document under the number, once', async () => {
    const headers = { 'If-None-Exist': `identifier=${encodeURIComponent(`${number}|N1`)}` };
    const made = await ask<Patient>('POST Patient', { ...berg('N1'), meta: { source: 'urn:healthsync:ehr' } }, headers);
    expect([made.status, made.resource.id]).toEqual([201, 'ehr.N1']);
    const { _id, ...rest } = await record('N1');
    expect(_id).toBeInstanceOf(ObjectId);
    expect(rest).toEqual({
      patient_id: 'N1',
      name: 'Anna Berg',
      gender: 'Female',
      contact_details: { phone: '+91 1', address: 'Pune' },
    });
    const again = await ask<Patient>(
      'POST Patient',
      { ...berg('N1'), meta: { source: 'urn:healthsync:ehr' } },
      headers,
    );
    expect([again.status, await records().countDocuments({ patient_id: 'N1' })]).toEqual([200, 1]);
    expect((await ask('POST Patient', { ...berg('N1'), meta: { source: 'urn:healthsync:ehr' } })).status).toBe(409);
    const found = await demo.all(`Patient?identifier=${encodeURIComponent(`${number}|N1`)}`);
    expect(found.map(({ id }) => id)).toEqual(['ehr.N1']);
  });

  test('C1: what the record has no place for is refused, and nothing is made', async () => {
    const refused = await ask('POST Patient', {
      ...berg('N2'),
      meta: { source: 'urn:healthsync:ehr' },
      birthDate: '1980-02-29',
    });
    expect([refused.status, said(refused)]).toEqual([422, expect.stringContaining('Patient.birthDate')]);
    expect(await records().countDocuments({ patient_id: 'N2' })).toBe(0);
  });

  test('C3: of an update only what differs is written, and of two on one version one wins', async () => {
    await enter('N3');
    await records().updateOne({ patient_id: 'N3' }, { $set: { 'contact_details.pager': 7, age: 44 } });
    const { resource, headers } = await ask<Patient>('GET Patient/ehr.N3');
    const tag = headers.get('etag')!;
    const with_ = (value: string): Patient => ({ ...resource, telecom: [{ system: 'phone', value }] });
    const answers = await Promise.all(
      ['+91 2', '+91 3'].map((value) => ask('PUT Patient/ehr.N3', with_(value), { 'If-Match': tag })),
    );
    expect(answers.map(({ status }) => status).sort()).toEqual([200, 412]);
    const won = answers[0]!.status === 200 ? '+91 2' : '+91 3';
    expect((await record('N3')).contact_details).toEqual({ phone: won, address: 'Pune', pager: 7 });
    expect((await record('N3')).age).toBe(44);
    expect((await ask('PUT Patient/ehr.N3', with_('late'), { 'If-Match': tag })).status).toBe(412);
    const patch = [{ op: 'replace', path: '/telecom/0/value', value: '+91 4' }];
    expect((await ask('PATCH Patient/ehr.N3', patch)).status).toBe(200);
    expect((await record('N3')).contact_details).toEqual({ phone: '+91 4', address: 'Pune', pager: 7 });
  });

  test('C4: a patient whom visits belong to is not deleted, and they are listed; one without is', async () => {
    const { patient } = await someVisit();
    const id = patient.patient_id as string;
    const kept = await ask(`DELETE Patient/ehr.${id}`);
    expect([kept.status, said(kept)]).toEqual([409, expect.stringContaining(`Encounter/ehr.${id}.`)]);
    expect(await record(id)).toEqual(patient);
    await enter('N4');
    expect((await ask('DELETE Patient/ehr.N4')).status).toBe(204);
    expect(await records().countDocuments({ patient_id: 'N4' })).toBe(0);
    expect((await ask('GET Patient/ehr.N4')).status).toBe(404);
  });

  test('a visit is made, found out about, and taken away: each in its place of the one document', async () => {
    await enter('N5');
    const subject = { reference: 'Patient/ehr.N5' };
    const visit = {
      resourceType: 'Encounter',
      status: 'finished',
      class: { system: 'http://terminology.hl7.org/CodeSystem/v3-ActCode', code: 'AMB' },
      subject,
      period: { start: '2024-05-01' },
    };
    for (const id of ['V1', 'V2'])
      expect((await ask(`PUT Encounter/ehr.N5.${id}`, { ...visit, id: `ehr.N5.${id}` })).status).toBe(201);
    const encounter = { reference: 'Encounter/ehr.N5.V2' };
    const findings = {
      resourceType: 'Observation',
      status: 'final',
      code: {
        coding: [
          {
            system: 'https://healthsync.dev/fhir/CodeSystem/ehr-observation',
            code: 'findings',
            display: 'Findings of a visit',
          },
        ],
      },
      subject,
      encounter,
      valueString: 'Lungs clear',
    };
    const made = await ask<Observation>('POST Observation', findings);
    expect([made.status, made.resource?.id]).toEqual([201, 'ehr.N5.V2.findings']);
    const medication = {
      resourceType: 'MedicationStatement',
      status: 'unknown',
      medicationCodeableConcept: { text: 'Metformin' },
      subject,
      context: encounter,
      dosage: [{ text: '500 mg' }],
    };
    for (const place of [0, 1]) {
      const given = await ask<MedicationStatement>('POST MedicationStatement', medication);
      expect([given.status, given.resource?.id]).toEqual([201, `ehr.N5.V2.${place}`]);
    }
    const { medical_records: held } = await record('N5');
    expect(held.medical_history[0]).toEqual({ visit_id: 'V1', visit_date: expect.any(String) });
    const [one, two] = [0, 1].map(() => ({ name: 'Metformin', dose: '500 mg' }));
    expect(held.medical_history[1]).toEqual({
      visit_id: 'V2',
      visit_date: expect.any(String),
      observations: 'Lungs clear',
      medications: [one, two],
    });
    const blocked = await ask('DELETE Encounter/ehr.N5.V2');
    expect([blocked.status, said(blocked)]).toEqual([409, expect.stringContaining('MedicationStatement/ehr.N5.V2.0')]);
    expect((await ask('DELETE MedicationStatement/ehr.N5.V2.0')).status).toBe(204);
    expect((await ask('GET MedicationStatement/ehr.N5.V2.1')).status).toBe(200);
    expect((await ask('DELETE MedicationStatement/ehr.N5.V2.1')).status).toBe(204);
    expect((await ask('DELETE Observation/ehr.N5.V2.findings')).status).toBe(204);
    expect((await ask('DELETE Encounter/ehr.N5.V2')).status).toBe(204);
    expect((await record('N5')).medical_records.medical_history.map((one: Document) => one.visit_id)).toEqual(['V1']);
  });

  test('one medication of one visit changes, and nothing else of the document', async () => {
    const { patient, at } = await someVisit();
    const { patient_id: id, medical_records: held } = patient;
    const path = `MedicationStatement/ehr.${id}.${held.medical_history[at].visit_id}.1`;
    const { resource } = await ask<MedicationStatement>(`GET ${path}`);
    const { dosage: _, ...rest } = resource;
    const answer = await ask(`PUT ${path}`, { ...rest, dosage: [{ text: 'at night' }] });
    expect([answer.status, answer.status === 200 ? '' : said(answer)]).toEqual([200, '']);
    const medication = held.medical_history[at].medications[1];
    medication.dose = 'at night';
    // Null stays as it is, too.
    for (const name of ['frequency', 'duration']) if (medication[name] !== null) delete medication[name];
    expect(await record(id)).toEqual(patient);
  });
});

describe('the laboratory', () => {
  test('a comment on a report is changed, and neither its moment nor its results are', async () => {
    const reports = mongo.db(new URL(lab).pathname.slice(1)).collection('Lab_result');
    const before = (await reports.findOne({
      comments: { $type: 'string', $ne: '' },
      creation_date: { $type: 'date' },
    }))!;
    const path = `DiagnosticReport/lab.${before._id}`;
    const { resource } = await ask<DiagnosticReport>(`GET ${path}`);
    const answer = await ask(`PUT ${path}`, { ...resource, conclusion: 'Repeat "fasting" in a week' });
    expect([answer.status, answer.status === 200 ? '' : said(answer)]).toEqual([200, '']);
    expect(await reports.findOne({ _id: before._id })).toEqual({ ...before, comments: 'Repeat "fasting" in a week' });
    const later = await ask(`PUT ${path}`, { ...resource, issued: '2024-06-01T10:00:00+05:30' });
    expect([later.status, later.status === 200 ? '' : said(later)]).toEqual([200, '']);
    const after = (await reports.findOne({ _id: before._id }))!;
    expect(after).toEqual({ ...before, creation_date: new Date('2024-06-01T04:30:00Z') });
    expect((await ask(`DELETE ${path}`)).status).toBe(405);
  });
});

describe('the monitoring', () => {
  const region = (name: string, state?: string): Patient => ({
    resourceType: 'Patient',
    meta: { source: 'urn:healthsync:monitoring' },
    name: [{ text: name }],
    ...(state && { address: [{ state }] }),
  });

  test('E1: a profile is made, renamed and removed, its history with it', async () => {
    const made = await ask<Patient>('POST Patient', region('Lina Hassan', 'North'));
    expect(made.status).toBe(201);
    const id = keyOf(made.resource);
    expect(await profile(id)).toEqual({ _id: new ObjectId(id), name: 'Lina Hassan', region: 'North' });
    await profiles().updateOne({ _id: new ObjectId(id) }, { $set: { age: 30 } });
    const subject = { reference: `Patient/${made.resource.id}` };
    const history = (text: string): Condition => ({
      resourceType: 'Condition',
      meta: { source: 'urn:healthsync:monitoring' },
      code: { text },
      subject,
    });
    const first = await ask<Condition>('POST Condition', history('Gout'));
    const second = await ask<Condition>('POST Condition', history('Migraine of childhood'));
    expect([first, second].map(({ status, resource }) => [status, resource.id])).toEqual([
      [201, `monitoring.${id}.0.history`],
      [201, `monitoring.${id}.1.history`],
    ]);
    expect((await profile(id)).medical_history).toEqual(['Gout', 'Migraine of childhood']);

    const renamed = { ...made.resource, name: [{ text: 'Lina Saleh' }] };
    expect((await ask(`PUT Patient/${made.resource.id}`, renamed)).status).toBe(200);
    expect(await profile(id)).toMatchObject({ name: 'Lina Saleh', age: 30, region: 'North' });
    const other = { ...first.resource, code: { text: 'Gout of the toe' } };
    expect((await ask(`PUT Condition/${first.resource.id}`, other)).status).toBe(200);
    expect((await profile(id)).medical_history).toEqual(['Gout of the toe', 'Migraine of childhood']);

    expect((await ask(`DELETE Patient/${made.resource.id}`)).status).toBe(409);
    expect((await ask(`DELETE Condition/${first.resource.id}`)).status).toBe(204);
    expect((await profile(id)).medical_history).toEqual([null, 'Migraine of childhood']);
    expect((await ask<Condition>(`GET Condition/${second.resource.id}`)).resource.code!.text).toBe(
      'Migraine of childhood',
    );
    expect((await ask(`DELETE Condition/${second.resource.id}`)).status).toBe(204);
    expect((await ask(`DELETE Patient/${made.resource.id}`)).status).toBe(204);
    expect(await profiles().countDocuments({ _id: new ObjectId(id) })).toBe(0);
  });

  test('E1: a birth date has no place beside an age, and that is said', async () => {
    const refused = await ask('POST Patient', { ...region('Lina Hassan'), birthDate: '1990-01-01' });
    expect([refused.status, said(refused)]).toEqual([422, expect.stringContaining('Patient.birthDate')]);
  });
});

describe('the graph', () => {
  const unit = { reference: 'Organization/care-graph.unit' };
  const node = (name: string): Patient => ({
    resourceType: 'Patient',
    meta: { source: 'urn:healthsync:care-graph' },
    name: [{ text: name }],
    managingOrganization: unit,
  });

  test('E6: a node is removed unless somebody treats it: no relationship loses its end', async () => {
    const made = await ask<Patient>('POST Patient', node("Zoë O'Neil }) //"));
    expect([made.status, made.status === 201 ? '' : said(made as never)]).toEqual([201, '']);
    expect(await names('Patient', "Zoë O'Neil }) //")).toBe(1);
    expect((await ask('POST Patient', node("Zoë O'Neil }) //"))).status).toBe(409);
    expect((await ask(`DELETE Patient/${made.resource.id}`)).status).toBe(204);
    expect(await names('Patient', "Zoë O'Neil }) //")).toBe(0);

    const found = await neo.executeQuery('MATCH (d:Doctor)-[:TREATS]->(p:Patient) RETURN d.name, p.name LIMIT 1');
    const [doctor, patient] = [...found.records[0]!.values()] as [string, string];
    const [treating] = (await demo.all(
      `Practitioner?name:exact=${encodeURIComponent(doctor)}`,
    )) as readonly Practitioner[];
    const before = (await neo.executeQuery('MATCH ()-[r:TREATS]->() RETURN count(r) AS n')).records[0]!.get('n');
    const kept = await ask(`DELETE Practitioner/${treating!.id}`);
    expect([kept.status, said(kept)]).toEqual([409, expect.stringContaining('Patient/')]);
    const [treated] = (
      await demo.all(`Patient?name:exact=${encodeURIComponent(patient)}&_source=urn:healthsync:care-graph`)
    ).filter(({ id }) => id!.startsWith('care-graph.'));
    expect([409, 422]).toContain((await ask(`DELETE Patient/${treated!.id}`)).status);
    const after = (await neo.executeQuery('MATCH ()-[r:TREATS]->() RETURN count(r) AS n')).records[0]!.get('n');
    expect(after).toEqual(before);
    expect(await names('Doctor', doctor)).toBe(1);
  });
});
