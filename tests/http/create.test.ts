import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import type { OperationOutcome, Patient } from '@medplum/fhirtypes';
import { type WrittenClinic, writtenClinic } from '../support/written-clinic.js';

let clinic: WrittenClinic;
beforeEach(async () => {
  clinic = await writtenClinic();
});
afterEach(() => clinic.stop());

const nina = {
  resourceType: 'Patient',
  identifier: [{ system: 'urn:clinic:mrn', value: 'p9' }],
  name: [{ use: 'official', family: 'Okoye', given: ['Nina'] }],
  telecom: [{ system: 'phone', value: '555-9' }],
  gender: 'female',
};
const errors = ({ resource }: { readonly resource: unknown }) =>
  (resource as OperationOutcome).issue.map(({ code, expression }) => `${code} ${expression?.[0] ?? ''}`.trim());

describe('rule 66: create', () => {
  test('201 with Location, ETag and the resource; the row is there, and no other cell of it', async () => {
    const answer = await clinic.ask('POST Patient', {
      body: { ...nina, id: 'mine', meta: { versionId: '7', lastUpdated: '2020-01-01T00:00:00Z' } },
    });
    expect(answer.status).toBe(201);
    const { id, meta } = answer.resource as Patient;
    expect(id).toBe('clinic.p9');
    expect(meta?.versionId).not.toBe('7');
    expect(meta?.lastUpdated).toBeUndefined();
    expect(answer.headers.get('location')).toBe(`${clinic.baseUrl}/Patient/clinic.p9/_history/${meta?.versionId}`);
    expect(answer.headers.get('etag')).toBe(`W/"${meta?.versionId}"`);
    expect(clinic.rows("SELECT * FROM people WHERE mrn = 'p9'")).toEqual([
      {
        mrn: 'p9',
        family: 'Okoye',
        given: 'Nina',
        phone: '555-9',
        email: null,
        sex: 'Female',
        born: null,
        policy: null,
        insurer: null,
        weight: null,
        secret: 'untold',
      },
    ]);
    const read = await clinic.ask('GET Patient/clinic.p9');
    expect(read.resource).toEqual(answer.resource);
    expect((await clinic.ask('GET Patient?family=okoye&_total=accurate')).resource).toMatchObject({ total: 1 });
  });

  test('a key that the source gives', async () => {
    const visit = {
      resourceType: 'Encounter',
      status: 'in-progress',
      class: { system: 'http://terminology.hl7.org/CodeSystem/v3-ActCode', code: 'AMB' },
      subject: { reference: `${clinic.baseUrl}/Patient/clinic.p2` },
      period: { start: '2024-06-01T04:30:00Z' },
    };
    const answer = await clinic.ask('POST Encounter', { body: visit });
    expect(answer.status).toBe(201);
    expect(answer.resource).toMatchObject({ id: 'clinic.2', period: { start: '2024-06-01T10:00:00+05:30' } });
    expect(clinic.rows('SELECT mrn, state, began FROM visits WHERE id = 2')).toEqual([
      { mrn: 'p2', state: 'open', began: '2024-06-01 10:00:00' },
    ]);
  });

  test('a key by chance', async () => {
    const answer = await clinic.ask('POST Organization', { body: { resourceType: 'Organization', name: 'East' } });
    expect(answer.status).toBe(201);
    expect(answer.resource?.id).toMatch(/^clinic\.[0-9a-f-]{36}$/);
  });

  test('columns of a row that is there; again, it is there already', async () => {
    const coverage = {
      resourceType: 'Coverage',
      status: 'active',
      subscriberId: 'B-2',
      beneficiary: { reference: 'Patient/clinic.p2' },
      payor: [{ display: 'Beta' }],
    };
    const answer = await clinic.ask('POST Coverage', { body: coverage });
    expect(answer.status).toBe(201);
    expect(answer.resource?.id).toBe('clinic.p2.coverage');
    expect(clinic.rows("SELECT policy, insurer, family FROM people WHERE mrn = 'p2'")).toEqual([
      { policy: 'B-2', insurer: 'Beta', family: 'Chen' },
    ]);
    const again = await clinic.ask('POST Coverage', { body: coverage });
    expect(again.status).toBe(409);
    expect(errors(again)).toEqual(['duplicate']);
    const nobody = { ...coverage, beneficiary: { reference: 'Patient/clinic.p77' } };
    expect((await clinic.ask('POST Coverage', { body: nobody })).status).toBe(422);
  });
});

test('rule 67: what is no such resource is 400, what the source cannot hold 422 by path, another media type 415', async () => {
  const asked = async (body: unknown, headers = {}) => clinic.ask('POST Patient', { body, headers });
  expect((await asked({ resourceType: 'Observation' })).status).toBe(400);
  expect((await asked('{"resourceType":')).status).toBe(400);
  expect((await asked('[]')).status).toBe(400);
  expect((await asked('<Patient/>', { 'Content-Type': 'application/fhir+xml' })).status).toBe(415);
  expect((await clinic.ask('POST Patient')).status).toBe(400);
  const held = await asked({ ...nina, maritalStatus: { text: 'M' }, telecom: [{ system: 'fax', value: '1' }] });
  expect(held.status).toBe(422);
  expect(errors(held)).toEqual([
    'not-supported Patient.telecom[0].system',
    'not-supported Patient.telecom[0].value',
    'not-supported Patient.maritalStatus.text',
  ]);
  expect(clinic.rows('SELECT count(*) AS n FROM people')).toEqual([{ n: 3 }]);
});

test('what the source refuses or would change is refused, and nothing is kept', async () => {
  const taken = await clinic.ask('POST Patient', {
    body: { ...nina, identifier: [{ system: 'urn:clinic:mrn', value: 'p1' }] },
  });
  expect(taken.status).toBe(409);
  const { name: _, ...unnamed } = nina;
  const constraint = await clinic.ask('POST Patient', { body: unnamed });
  expect(constraint.status).toBe(422);
  expect(errors(constraint)).toEqual(['business-rule']);
  const long = await clinic.ask('POST Patient', {
    body: { ...nina, telecom: [{ system: 'phone', value: '0123456789012345' }] },
  });
  expect(long.status).toBe(422);
  const { identifier: __, ...keyless } = nina;
  expect((await clinic.ask('POST Patient', { body: keyless })).status).toBe(422);
  clinic.database.exec(
    'CREATE TRIGGER shout AFTER INSERT ON people BEGIN UPDATE people SET family = upper(family) WHERE mrn = new.mrn; END',
  );
  const shouted = await clinic.ask('POST Patient', { body: nina });
  expect(shouted.status).toBe(422);
  expect(errors(shouted)).toEqual(['not-supported Patient.name[0].family']);
  expect(clinic.rows('SELECT count(*) AS n FROM people')).toEqual([{ n: 3 }]);
  expect(clinic.records().map(({ state }) => state)).toEqual(clinic.records().map(() => 'undone'));
});

describe('rule 68: If-None-Exist', () => {
  const create = (criteria: string) =>
    clinic.ask('POST Patient', { body: nina, headers: { 'If-None-Exist': criteria } });

  test('none: 201; one: 200, and nothing is written; many: 412; none that can be read: 400', async () => {
    expect((await create('identifier=urn:clinic:mrn|p9')).status).toBe(201);
    const there = await create('identifier=urn:clinic:mrn|p9');
    expect(there.status).toBe(200);
    expect(there.resource?.id).toBe('clinic.p9');
    expect((await create('gender=female')).status).toBe(412);
    expect((await create('no-such=1')).status).toBe(400);
    expect((await create('_count=1')).status).toBe(400);
    expect((await create('')).status).toBe(400);
  });

  test('many at once write it once', async () => {
    const answers = await Promise.all(Array.from({ length: 8 }, () => create('identifier=urn:clinic:mrn|p9')));
    expect(answers.map(({ status }) => status).sort()).toEqual([200, 200, 200, 200, 200, 200, 200, 201]);
    expect(clinic.rows("SELECT count(*) AS n FROM people WHERE mrn = 'p9'")).toEqual([{ n: 1 }]);
  });
});

test('rule 76: Prefer says what comes back', async () => {
  const create = (mrn: string, prefer: string) =>
    clinic.ask('POST Patient', {
      body: { ...nina, identifier: [{ system: 'urn:clinic:mrn', value: mrn }] },
      headers: { Prefer: prefer },
    });
  const minimal = await create('m1', 'return=minimal');
  expect([minimal.status, minimal.resource]).toEqual([201, undefined]);
  expect(minimal.headers.get('location')).toContain('/Patient/clinic.m1/_history/');
  expect(minimal.headers.get('preference-applied')).toBe('return=minimal');
  expect((await create('m2', 'return=representation')).resource?.resourceType).toBe('Patient');
  const outcome = await create('m3', 'return=OperationOutcome');
  expect(outcome.resource).toMatchObject({ resourceType: 'OperationOutcome', issue: [{ severity: 'information' }] });
  expect((await create('m3', 'return=minimal')).resource?.resourceType).toBe('OperationOutcome');
});

test('every write is recorded: who, what, when, and from which version to which', async () => {
  const { resource } = await clinic.ask('POST Patient', { body: nina });
  expect(clinic.records()).toEqual([
    {
      entry: 1,
      at: expect.any(String),
      caller: 'local',
      interaction: 'create',
      type: 'Patient',
      source: 'clinic',
      id: 'clinic.p9',
      after: resource?.meta?.versionId,
      state: 'made',
      closed: expect.any(String),
    },
  ]);
});
