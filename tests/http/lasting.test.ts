import { afterEach, describe, expect, test } from '@jest/globals';
import { Fault } from '#src/errors/fault.js';
import { type WrittenClinic, writtenClinic } from '../support/written-clinic.js';

const person = (id: string) => ({
  resourceType: 'Patient',
  id: `clinic.${id}`,
  identifier: [{ system: 'urn:clinic:mrn', value: id }],
  name: [{ use: 'official', family: 'New' }],
});

describe('before a source is told to keep a write', () => {
  let clinic: WrittenClinic;
  const count = () => clinic.rows("SELECT 1 FROM people WHERE family = 'New'").length;

  afterEach(() => clinic.stop());

  test('its record is on the disk, once for a whole transaction', async () => {
    const seen: unknown[] = [];
    clinic = await writtenClinic('', undefined, async (lasting) => {
      await lasting();
      const records = clinic.records();
      seen.push([count(), records.map(({ state }) => state), records.every(({ id, after }) => id && after)]);
    });
    expect((await clinic.ask('POST Patient', { body: { ...person('n1'), id: undefined } })).status).toBe(201);
    expect(seen).toEqual([[0, ['open'], true]]);
    const entry = ['n2', 'n3', 'n4'].map((id) => ({
      resource: person(id),
      request: { method: 'PUT', url: `Patient/clinic.${id}` },
    }));
    const sent = await clinic.ask('POST ', { body: { resourceType: 'Bundle', type: 'transaction', entry } });
    expect(sent.status).toBe(200);
    expect(seen.slice(1)).toEqual([[1, ['made', 'open', 'open', 'open'], true]]);
    expect(count()).toBe(4);
    expect(clinic.records().map(({ state }) => state)).toEqual(['made', 'made', 'made', 'made']);
  });

  test('a record that cannot be kept leaves the source as it was', async () => {
    clinic = await writtenClinic('', undefined, () => Promise.reject(new Fault('exception', 'No.')));
    expect((await clinic.ask('POST Patient', { body: { ...person('n1'), id: undefined } })).status).toBe(500);
    expect(count()).toBe(0);
    expect(clinic.records().map(({ state }) => state)).toEqual(['undone']);
  });

  test('nothing is recorded of a write that changes nothing', async () => {
    let asked = 0;
    clinic = await writtenClinic('', undefined, async (lasting) => {
      asked++;
      await lasting();
    });
    const { resource } = await clinic.ask('GET Patient/clinic.p2');
    expect((await clinic.ask('PUT Patient/clinic.p2', { body: resource })).status).toBe(200);
    expect([asked, clinic.records()]).toEqual([0, []]);
  });
});
