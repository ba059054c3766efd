import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { type WrittenClinic, writtenClinic } from '../support/written-clinic.js';

let clinic: WrittenClinic;
beforeAll(async () => {
  clinic = await writtenClinic();
});
afterAll(() => clinic.stop());

test('rule 63: vread of the current version works, of another it is 404 and says why', async () => {
  const { resource } = await clinic.ask('GET Patient/clinic.p1');
  const version = resource?.meta?.versionId;
  const answer = await clinic.ask(`GET Patient/clinic.p1/_history/${version}`);
  expect([answer.status, answer.resource]).toEqual([200, resource]);
  expect(answer.headers.get('etag')).toBe(`W/"${version}"`);
  const old = await clinic.ask('GET Patient/clinic.p1/_history/1');
  expect(old.status).toBe(404);
  expect(JSON.stringify(old.resource)).toContain('history is not supported');
});
