import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import type { Patient } from '@medplum/fhirtypes';
import { type DemoServer, startDemo } from '../support/demo-server.js';

let server: DemoServer;
beforeAll(async () => {
  server = await startDemo({ seed: 7, patients: 400 });
});
afterAll(() => server.stop());

const truth = (): string[] =>
  readFileSync(join(server.folder, 'truth.ndjson'), 'utf8')
    .trimEnd()
    .split('\n')
    .map((line) => (JSON.parse(line) as { id: string }).id);

test('rules 45, 97: following next gives every patient of four hospitals once, in one order', async () => {
  const patients = (await server.all('Patient?_sort=birthdate&_count=50')) as readonly Patient[];
  const ids = patients.map(({ id }) => id!);
  expect(new Set(ids).size).toBe(ids.length);
  expect([...ids].sort()).toEqual(truth().sort());
  const dates = patients.map(({ birthDate }) => birthDate);
  const known = dates.filter((date) => date !== undefined);
  expect(known.length).toBeGreaterThan(300);
  // Missing last, the others ascending.
  expect(dates.slice(0, known.length)).toEqual([...known].sort());
  expect(new Set(ids.slice(0, 8).map((id) => id.split('.')[0])).size).toBe(4);
});

test.each([
  'Patient?_sort=-birthdate',
  'Patient?_sort=family',
  'Patient?_sort=-family,birthdate',
  'Patient',
  'Patient?gender:not=male&_sort=given',
])('law P5: %s does not depend on the size of the page', async (search) => {
  const at = (count: number) =>
    server.all(`${search}${search.includes('?') ? '&' : '?'}_count=${count}`).then((all) => all.map(({ id }) => id));
  const whole = await at(1000);
  expect(whole.length).toBeGreaterThan(100);
  expect(await at(37)).toEqual(whole);
});

test('law P6: a cursor is bound to its query, and cannot be altered', async () => {
  const first = await server.search('Patient?_sort=birthdate&_count=5');
  const next = first.link!.find(({ relation }) => relation === 'next')!.url;
  const cursor = new URL(next).searchParams.get('_cursor')!;
  const altered = cursor.slice(0, -2) + (cursor.endsWith('AA') ? 'BB' : 'AA');
  const broken = [
    `Patient?_sort=birthdate&_count=5&_cursor=${altered}`,
    `Patient?_sort=-birthdate&_count=5&_cursor=${cursor}`,
    'Patient?_cursor=x',
  ];
  for (const path of broken) {
    const answer = await server.get(path);
    expect([path, answer.status]).toEqual([path, 400]);
    expect(((await answer.json()) as { resourceType: string }).resourceType).toBe('OperationOutcome');
  }
  expect((await server.get(next)).status).toBe(200);
});
