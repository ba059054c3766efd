import { afterEach, beforeEach, expect, test } from '@jest/globals';
import type { OperationOutcome } from '@medplum/fhirtypes';
import { type WrittenClinic, writtenClinic } from '../support/written-clinic.js';

let clinic: WrittenClinic;
beforeEach(async () => {
  clinic = await writtenClinic();
});
afterEach(() => clinic.stop());

test('rule 72: delete is 204, also when it is not there any more or never was; then it is gone', async () => {
  expect((await clinic.ask('DELETE Encounter/clinic.1')).status).toBe(204);
  expect((await clinic.ask('GET Encounter/clinic.1')).status).toBe(404);
  expect((await clinic.ask('GET Encounter')).resource).toMatchObject({ resourceType: 'Bundle' });
  expect((await clinic.ask('DELETE Encounter/clinic.1')).status).toBe(204);
  expect((await clinic.ask('DELETE Encounter/nowhere.1')).status).toBe(204);
  expect(clinic.rows('SELECT count(*) AS n FROM visits')).toEqual([{ n: 0 }]);
  expect(clinic.records()).toMatchObject([{ interaction: 'delete', id: 'clinic.1', state: 'made' }]);
});

test('rule 72: what others refer to, or share a row with, is 409 and they are listed', async () => {
  const answer = await clinic.ask('DELETE Patient/clinic.p1');
  expect(answer.status).toBe(409);
  const [issue] = (answer.resource as OperationOutcome).issue;
  for (const other of ['Encounter/clinic.1', 'Coverage/clinic.p1.coverage', 'Observation/clinic.p1.weight'])
    expect(issue!.diagnostics).toContain(other);
  expect((await clinic.ask('DELETE Coverage/clinic.p1.coverage')).status).toBe(204);
  expect(clinic.rows("SELECT policy, insurer, family FROM people WHERE mrn = 'p1'")).toEqual([
    { policy: null, insurer: null, family: 'Berg ' },
  ]);
  await clinic.ask('DELETE Observation/clinic.p1.weight');
  await clinic.ask('DELETE Encounter/clinic.1');
  expect((await clinic.ask('DELETE Patient/clinic.p1')).status).toBe(204);
  expect(clinic.rows('SELECT mrn FROM people')).toEqual([{ mrn: 'p2' }, { mrn: 'p3' }]);
});

test('rule 72: what is not deleted is 405 with Allow', async () => {
  const answer = await clinic.ask('DELETE Patient/archive.q1');
  expect([answer.status, answer.headers.get('allow')]).toEqual([405, 'GET, HEAD, PUT, PATCH']);
});

test('rule 73: conditional delete of none or one; many is 412, and no criteria 400', async () => {
  expect((await clinic.ask('DELETE Encounter?status=finished')).status).toBe(204);
  expect((await clinic.ask('DELETE Encounter?status=finished')).status).toBe(204);
  expect((await clinic.ask('DELETE Patient?gender=female,male')).status).toBe(412);
  expect((await clinic.ask('DELETE Patient')).status).toBe(400);
});

test('If-Match holds for a delete', async () => {
  const { resource } = await clinic.ask('GET Encounter/clinic.1');
  const ask = (tag: string) => clinic.ask('DELETE Encounter/clinic.1', { headers: { 'If-Match': tag } });
  expect((await ask('W/"x"')).status).toBe(412);
  expect((await ask(`W/"${resource?.meta?.versionId}"`)).status).toBe(204);
  expect((await ask(`W/"${resource?.meta?.versionId}"`)).status).toBe(412);
});
