import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import type { Bundle, Patient } from '@medplum/fhirtypes';
import { Client } from 'fhir-kit-client';
import smart from 'fhirclient';
import { type DemoServer, startDemo } from '../support/demo-server.js';

let server: DemoServer;
beforeAll(async () => {
  server = await startDemo({ seed: 5, patients: 80 });
});
afterAll(() => server.stop());

describe('fhir-kit-client, unmodified', () => {
  test('reads, searches by GET and POST, and pages', async () => {
    const client = new Client({ baseUrl: server.baseUrl });
    const metadata = await client.capabilityStatement();
    expect(metadata).toMatchObject({ resourceType: 'CapabilityStatement', fhirVersion: '4.0.1' });
    const first = (await client.resourceSearch({
      resourceType: 'Patient',
      searchParams: { _sort: 'birthdate', _count: 10 },
    })) as unknown as Bundle;
    const seen: string[] = [];
    for (
      let page: Bundle | undefined = first;
      page;
      page = (await client.nextPage({ bundle: page as never })) as unknown as Bundle | undefined
    ) {
      for (const entry of page.entry ?? []) if (entry.search?.mode === 'match') seen.push(entry.resource!.id!);
    }
    expect(seen).toHaveLength(80);
    expect(new Set(seen).size).toBe(80);
    const read = (await client.read({ resourceType: 'Patient', id: seen[0]! })) as Patient;
    expect(read.id).toBe(seen[0]);
    const value = read.identifier![0]!;
    const posted = (await client.resourceSearch({
      resourceType: 'Patient',
      searchParams: { identifier: `${value.system}|${value.value}` },
      options: { postSearch: true },
    })) as unknown as Bundle;
    expect(posted.entry?.map((entry) => entry.resource!.id)).toEqual([seen[0]]);
    await expect(client.read({ resourceType: 'Patient', id: 'nowhere.1' })).rejects.toMatchObject({
      response: { status: 404 },
    });
  });
});

describe('fhirclient, unmodified', () => {
  test('requests, resolves and pages', async () => {
    const session = new Map<string, unknown>();
    const storage = {
      get: async (key: string) => session.get(key),
      set: async (key: string, value: unknown) => session.set(key, value),
      unset: async (key: string) => session.delete(key),
    };
    const request = { headers: {}, url: '/' } as never;
    const client = smart(request, {} as never, storage as never).client(server.baseUrl);
    const pages = (await client.request('Patient?_sort=-birthdate&_count=15', {
      pageLimit: 0,
      flat: true,
    })) as Patient[];
    const ids = pages.filter(({ resourceType }) => resourceType === 'Patient').map(({ id }) => id);
    expect(new Set(ids).size).toBe(80);
    const read = (await client.request(`Patient/${ids[0]}`)) as Patient;
    expect(read.id).toBe(ids[0]);
    const observations = (await client.request(`Observation?patient=Patient/${ids[0]}`)) as Bundle;
    expect(observations.resourceType).toBe('Bundle');
    for (const entry of observations.entry ?? [])
      expect(entry.resource).toMatchObject({ subject: { reference: `Patient/${ids[0]}` } });
  });
});
