import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import type { OperationOutcome, Patient } from '@medplum/fhirtypes';
import { type WrittenClinic, writtenClinic } from '../support/written-clinic.js';

let clinic: WrittenClinic;
beforeEach(async () => {
  clinic = await writtenClinic();
});
afterEach(() => clinic.stop());

const read = async (id = 'clinic.p1') => (await clinic.ask(`GET Patient/${id}`)).resource as Patient;
const put = (patient: object, headers = {}, id = 'clinic.p1') =>
  clinic.ask(`PUT Patient/${id}`, { body: patient, headers });
const withPhone = (patient: Patient, value: string): Patient => ({ ...patient, telecom: [{ system: 'phone', value }] });
const errors = ({ resource }: { readonly resource: unknown }) =>
  (resource as OperationOutcome).issue.map(({ code, expression }) => `${code} ${expression?.[0] ?? ''}`.trim());

describe('rule 69: update', () => {
  test('200; only what changes is written, byte for byte', async () => {
    const before = clinic.rows('SELECT * FROM people');
    const patient = await read();
    const same = await put(patient);
    expect(same.status).toBe(200);
    expect(clinic.rows('SELECT * FROM people')).toEqual(before);
    expect(clinic.records()).toEqual([]);
    const answer = await put(withPhone(patient, '555-2'));
    expect(answer.status).toBe(200);
    expect((answer.resource as Patient).meta?.versionId).not.toBe(patient.meta?.versionId);
    expect(clinic.rows('SELECT * FROM people')).toEqual(
      before.map((row, i) => (i === 0 ? { ...(row as object), phone: '555-2' } : row)),
    );
  });

  test('what is left out is emptied; what cannot be decoded stays', async () => {
    const { telecom: _, ...patient } = await read();
    expect((await put(patient)).status).toBe(200);
    expect(clinic.rows("SELECT phone, sex FROM people WHERE mrn = 'p1'")).toEqual([{ phone: null, sex: 'Female' }]);
    const other = await read('clinic.p2');
    expect((await put(withPhone(other, '1'), {}, 'clinic.p2')).status).toBe(200);
    expect(clinic.rows("SELECT born, sex FROM people WHERE mrn = 'p2'")).toEqual([{ born: 'unknown', sex: 'M' }]);
  });

  test('an id that is missing or another is 400', async () => {
    const { id: _, ...patient } = await read();
    expect((await put(patient)).status).toBe(400);
    expect((await put({ ...patient, id: 'clinic.p2' })).status).toBe(400);
  });

  test('an id that is not there is created where that is declared, else 405 with Allow', async () => {
    const patient = { resourceType: 'Patient', id: 'clinic.p8', name: [{ use: 'official', family: 'New' }] };
    const made = await put(patient, {}, 'clinic.p8');
    expect(made.status).toBe(201);
    expect(made.headers.get('location')).toContain('/Patient/clinic.p8/_history/');
    expect((made.resource as Patient).identifier).toEqual([{ system: 'urn:clinic:mrn', value: 'p8' }]);
    const other = { ...patient, id: 'clinic.p7', identifier: [{ system: 'urn:clinic:mrn', value: 'p6' }] };
    expect((await put(other, {}, 'clinic.p7')).status).toBe(422);
    const visit = await clinic.ask('GET Encounter/clinic.1');
    const answer = await clinic.ask('PUT Encounter/clinic.99', { body: { ...visit.resource, id: 'clinic.99' } });
    expect(answer.status).toBe(405);
    expect(answer.headers.get('allow')).toBe('GET, HEAD, PATCH, DELETE');
  });

  test('the key cannot change, and a source that is not written says so', async () => {
    const moved = { ...(await read()), identifier: [{ system: 'urn:clinic:mrn', value: 'p5' }] };
    const answer = await put(moved);
    expect(answer.status).toBe(422);
    expect(errors(answer)).toEqual(['not-supported Patient.identifier[0].value']);
    const archived = await read('archive.q1');
    const refused = await put(withPhone(archived, '1'), {}, 'archive.q1');
    expect(refused.status).toBe(405);
    expect(refused.headers.get('allow')).toBe('GET, HEAD, PATCH, DELETE');
    const organization = await clinic.ask('PUT Organization/clinic.x', { body: {} });
    expect([organization.status, organization.headers.get('allow')]).toEqual([405, 'GET, HEAD, DELETE']);
  });
});

describe('rule 70: If-Match', () => {
  test('a version that is not the current one is 412, and what is no tag 400', async () => {
    const patient = await read();
    const tag = `W/"${patient.meta?.versionId}"`;
    expect((await put(withPhone(patient, '1'), { 'If-Match': 'W/"old"' })).status).toBe(412);
    expect((await put(withPhone(patient, '1'), { 'If-Match': 'old' })).status).toBe(400);
    expect((await put(withPhone(patient, '1'), { 'If-Match': tag })).status).toBe(200);
    expect((await put(withPhone(patient, '2'), { 'If-Match': tag })).status).toBe(412);
    const gone = { ...patient, id: 'clinic.p4', identifier: undefined };
    expect((await put(gone, { 'If-Match': tag }, 'clinic.p4')).status).toBe(412);
    expect((await put(patient, { 'If-None-Match': '*' })).status).toBe(412);
  });

  test('L6: of many who change the same version, one wins', async () => {
    const patient = await read();
    const tag = `W/"${patient.meta?.versionId}"`;
    const answers = await Promise.all(
      Array.from({ length: 10 }, (_, i) => put(withPhone(patient, `n${i}`), { 'If-Match': tag })),
    );
    expect(answers.filter(({ status }) => status === 200)).toHaveLength(1);
    expect(answers.filter(({ status }) => status === 412)).toHaveLength(9);
    const [{ phone }] = clinic.rows("SELECT phone FROM people WHERE mrn = 'p1'") as [{ phone: string }];
    expect(phone).toBe(`n${answers.findIndex(({ status }) => status === 200)}`);
  });
});

test('rule 71: conditional update', async () => {
  const body = {
    resourceType: 'Patient',
    identifier: [{ system: 'urn:clinic:mrn', value: 'p9' }],
    name: [{ use: 'official', family: 'New' }],
  };
  const by = (criteria: string, patient: object) => clinic.ask(`PUT Patient?${criteria}`, { body: patient });
  const mrn = 'identifier=urn:clinic:mrn%7Cp9';
  expect((await by(mrn, body)).status).toBe(201);
  const changed = { ...body, name: [{ use: 'official', family: 'Newer' }] };
  expect((await by(mrn, changed)).status).toBe(200);
  expect((await by(mrn, { ...changed, id: 'clinic.p9' })).status).toBe(200);
  expect((await by(mrn, { ...changed, id: 'clinic.p1' })).status).toBe(400);
  expect((await by('family=e', changed)).status).toBe(409);
  expect((await by('gender=female,male', changed)).status).toBe(412);
  expect((await clinic.ask('PUT Patient', { body: changed })).status).toBe(400);
  expect(
    (
      await by('identifier=urn:clinic:mrn%7Cp10', {
        resourceType: 'Patient',
        id: 'clinic.p10',
        name: [{ use: 'official', family: 'Ten' }],
      })
    ).status,
  ).toBe(201);
  expect(clinic.rows("SELECT family FROM people WHERE mrn IN ('p9', 'p10') ORDER BY mrn")).toEqual([
    { family: 'Ten' },
    { family: 'Newer' },
  ]);
});

test('rule 77: 409 for what is in the way, 412 for a condition that fails, 422 for what cannot be meant', async () => {
  const patient = await read();
  const taken = { ...patient, id: undefined };
  expect((await clinic.ask('POST Patient', { body: taken })).status).toBe(409);
  expect((await put(patient, { 'If-Match': 'W/"old"' })).status).toBe(412);
  expect((await clinic.ask('PUT Patient?gender=female,male', { body: taken })).status).toBe(412);
  expect((await put({ ...patient, maritalStatus: { text: 'M' } })).status).toBe(422);
});
