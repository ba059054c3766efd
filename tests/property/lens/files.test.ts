import { expect, test } from '@jest/globals';
import { startDemo } from '../../support/demo-server.js';
import { writtenFiles } from './prove.js';

test('L1 to L5 hold through SQLite, CSV and JSON files', async () => {
  const { failures, outcomes } = await writtenFiles(200, 5);
  expect(failures).toEqual([]);
  expect(outcomes['his-a 200']).toBeGreaterThan(5);
}, 300_000);

test('what follows from the row is not passed over where nothing else is asked for', async () => {
  const demo = await startDemo({ patients: 10, write: true });
  try {
    const found = await demo.search('Patient?_count=50');
    const patient = found.entry!.map(({ resource }) => resource!).find(({ id }) => id!.startsWith('his-a.'))!;
    const answer = await fetch(`${demo.baseUrl}/Patient/${patient.id}`, {
      method: 'PUT',
      headers: { 'Content-Type': 'application/fhir+json' },
      body: JSON.stringify({ ...patient, managingOrganization: { reference: 'Organization/his-a.another' } }),
    });
    expect(answer.status).toBe(422);
    expect(await answer.text()).toContain('Patient.managingOrganization.reference');
  } finally {
    await demo.stop();
  }
});
