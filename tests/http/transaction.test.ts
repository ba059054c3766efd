import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import type { Bundle, BundleEntry, OperationOutcome } from '@medplum/fhirtypes';
import { type WrittenClinic, writtenClinic } from '../support/written-clinic.js';

let clinic: WrittenClinic;
beforeEach(async () => {
  clinic = await writtenClinic();
});
afterEach(() => clinic.stop());

type Entry = Omit<BundleEntry, 'request'> & { readonly request: object };

const bundle = (type: 'batch' | 'transaction', ...entry: readonly object[]) => ({
  resourceType: 'Bundle',
  type,
  entry,
});
const send = async (type: 'batch' | 'transaction', ...entries: readonly object[]) => {
  const answer = await clinic.ask('POST ', { body: bundle(type, ...entries) });
  return { ...answer, entries: (answer.resource as Bundle).entry ?? [] };
};
const statuses = (entries: readonly BundleEntry[]) => entries.map(({ response }) => response?.status);
const people = () => clinic.rows('SELECT mrn FROM people ORDER BY mrn').map((row) => (row as { mrn: string }).mrn);

const patient = (mrn: string, family: string) => ({
  resourceType: 'Patient',
  identifier: [{ system: 'urn:clinic:mrn', value: mrn }],
  name: [{ use: 'official', family }],
});
const visit = (reference: string) => ({
  resourceType: 'Encounter',
  status: 'in-progress',
  class: { system: 'http://terminology.hl7.org/CodeSystem/v3-ActCode', code: 'AMB' },
  subject: { reference },
});
const post = (resource: { resourceType: string }, fullUrl?: string, more = {}): Entry =>
  ({
    ...(fullUrl && { fullUrl }),
    resource,
    request: { method: 'POST', url: resource.resourceType, ...more },
  }) as Entry;

describe('rule 78: batch', () => {
  test('each entry has its own status, in their order; one that fails is alone', async () => {
    const { status, entries } = await send(
      'batch',
      { request: { method: 'GET', url: 'Patient/clinic.p1' } },
      post(patient('p9', 'New')),
      { request: { method: 'GET', url: 'Patient/clinic.none' } },
      { request: { method: 'GET', url: 'Patient?family=new' } },
      { request: { method: 'DELETE', url: 'Encounter/clinic.1' } },
      { request: { method: 'FETCH', url: 'Patient' } },
      post(patient('p1', 'Taken')),
      { request: { method: 'GET', url: 'Robot/1' } },
    );
    expect(status).toBe(200);
    expect(statuses(entries)).toEqual(['200', '201', '404', '200', '204', '400', '409', '404']);
    expect(entries[2]!.response?.outcome).toMatchObject({ resourceType: 'OperationOutcome' });
    expect(entries[3]!.resource).toMatchObject({ resourceType: 'Bundle', entry: [{ resource: { id: 'clinic.p9' } }] });
    expect(entries[1]!.response?.location).toMatch(/\/Patient\/clinic\.p9\/_history\//);
  });

  test('entries do not refer to each other', async () => {
    const { entries } = await send('batch', post(patient('p9', 'New'), 'urn:uuid:1'), post(visit('urn:uuid:1')));
    expect(statuses(entries)).toEqual(['201', '422']);
  });
});

describe('rule 79: transaction', () => {
  test('deletes, creates, updates, reads: whatever the order of the entries', async () => {
    const { resource: current } = await clinic.ask('GET Patient/clinic.p2');
    const { status, entries } = await send(
      'transaction',
      { request: { method: 'GET', url: 'Patient?family=new' } },
      { resource: { ...current, gender: 'female' }, request: { method: 'PUT', url: 'Patient/clinic.p2' } },
      post(patient('p3', 'New')),
      { request: { method: 'DELETE', url: 'Patient/clinic.p3' } },
    );
    expect(status).toBe(200);
    expect(statuses(entries)).toEqual(['200', '200', '201', '204']);
    expect(entries[0]!.resource).toMatchObject({ entry: [{ resource: { id: 'clinic.p3' } }] });
    expect(clinic.rows("SELECT family, sex FROM people WHERE mrn IN ('p2', 'p3') ORDER BY mrn")).toEqual([
      { family: 'Chen', sex: 'Female' },
      { family: 'New', sex: null },
    ]);
  });

  test('all or nothing: what fails is one OperationOutcome, and nothing was written', async () => {
    const before = clinic.rows('SELECT * FROM people');
    const { status, resource } = await send(
      'transaction',
      post(patient('p8', 'Eight')),
      post(patient('p9', 'Nine')),
      post({ ...patient('p10', 'Ten'), maritalStatus: { text: 'M' } } as never),
    );
    expect(status).toBe(422);
    expect((resource as OperationOutcome).issue[0]!.expression).toEqual(['Patient.maritalStatus.text']);
    expect(clinic.rows('SELECT * FROM people')).toEqual(before);
    expect(clinic.records().map(({ state }) => state)).toEqual(['undone', 'undone']);
  });

  test('several sources are refused before anything is written, and named', async () => {
    const { status, resource } = await send('transaction', post(patient('p9', 'New')), {
      resource: { ...patient('q1', 'Other'), id: 'archive.q1' },
      request: { method: 'PUT', url: 'Patient/archive.q1' },
    });
    expect(status).toBe(405);
    expect(JSON.stringify(resource)).toContain('archive');
    expect(clinic.records()).toEqual([]);
  });
});

test('rule 80: one resource twice fails; an empty transaction is fine', async () => {
  const remove = { request: { method: 'DELETE', url: 'Encounter/clinic.1' } };
  expect((await send('transaction', remove, remove)).status).toBe(400);
  const byCriteria = { request: { method: 'DELETE', url: 'Encounter?status=finished' } };
  expect((await send('transaction', remove, byCriteria)).status).toBe(400);
  expect(clinic.rows('SELECT count(*) AS n FROM visits')).toEqual([{ n: 1 }]);
  expect(await send('transaction')).toMatchObject({ status: 200, resource: { type: 'transaction-response' } });
});

test('rule 81: links between entries become links to what was written', async () => {
  const { status, entries } = await send(
    'transaction',
    post(visit('urn:uuid:61ebe359-bfdc-4613-8bf2-c5e300945f0a')),
    post(patient('p9', 'New'), 'urn:uuid:61ebe359-bfdc-4613-8bf2-c5e300945f0a'),
  );
  expect(status).toBe(200);
  expect(entries[0]!.resource).toMatchObject({ subject: { reference: 'Patient/clinic.p9' } });
  expect(clinic.rows('SELECT mrn FROM visits WHERE id = 2')).toEqual([{ mrn: 'p9' }]);
});

test('rule 82: a reference by criteria has one match, or the transaction fails', async () => {
  const { status, entries } = await send('transaction', post(visit('Patient?identifier=urn:clinic:mrn|p2')));
  expect([status, statuses(entries)]).toEqual([200, ['201']]);
  expect(clinic.rows('SELECT mrn FROM visits WHERE id = 2')).toEqual([{ mrn: 'p2' }]);
  expect((await send('transaction', post(visit('Patient?identifier=urn:clinic:mrn|none')))).status).toBe(422);
  expect((await send('transaction', post(visit('Patient?gender=female,male')))).status).toBe(412);
});

test('rule 83: conditions of an entry are those of its headers', async () => {
  const { resource: current } = await clinic.ask('GET Patient/clinic.p1');
  const put = (ifMatch: string) => ({
    resource: { ...current, gender: 'male' },
    request: { method: 'PUT', url: 'Patient/clinic.p1', ifMatch },
  });
  expect((await send('transaction', post(patient('p8', 'Eight')), put('W/"old"'))).status).toBe(412);
  expect(people()).toEqual(['p1', 'p2', 'p3']);
  const { status, entries } = await send(
    'transaction',
    put(`W/"${current?.meta?.versionId}"`),
    post(patient('p1', 'Berg'), 'urn:uuid:7', { ifNoneExist: 'identifier=urn:clinic:mrn|p1' }),
    post(patient('p9', 'Nine'), undefined, { ifNoneExist: 'identifier=urn:clinic:mrn|p9' }),
  );
  expect(status).toBe(400);
  const second = await send(
    'transaction',
    put(`W/"${current?.meta?.versionId}"`),
    post(patient('p2', 'Chen'), 'urn:uuid:7', { ifNoneExist: 'identifier=urn:clinic:mrn|p2' }),
    post(patient('p9', 'Nine'), undefined, { ifNoneExist: 'identifier=urn:clinic:mrn|p9' }),
    post(visit('urn:uuid:7')),
  );
  expect(entries).toEqual([]);
  expect([second.status, statuses(second.entries)]).toEqual([200, ['200', '200', '201', '201']]);
  expect(second.entries[0]!.response?.etag).toMatch(/^W\/"[0-9a-f]{20}"$/);
  expect(people()).toEqual(['p1', 'p2', 'p3', 'p9']);
  expect(clinic.rows('SELECT mrn FROM visits WHERE id = 2')).toEqual([{ mrn: 'p2' }]);
});
