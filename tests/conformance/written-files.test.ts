import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import type { Bundle, Coverage, Observation, OperationOutcome, Patient, Resource } from '@medplum/fhirtypes';
import { type DemoServer, startDemo } from '../support/demo-server.js';

/** What FHIR writes into the hospitals of the demo that lie in files: the bytes before and after. */

let demo: DemoServer;
beforeAll(async () => {
  demo = await startDemo({ patients: 60, write: true });
});
afterAll(() => demo.stop());

const file = (hospital: string, name: string) => readFileSync(join(demo.folder, hospital, name), 'utf8');

async function send(method: string, path: string, body?: unknown, type = 'application/fhir+json') {
  const answer = await fetch(`${demo.baseUrl}/${path}`, {
    method,
    headers: { 'Content-Type': type },
    ...(body !== undefined && { body: JSON.stringify(body) }),
  });
  const text = await answer.text();
  return { status: answer.status, resource: (text === '' ? undefined : JSON.parse(text)) as Resource | undefined };
}

/** The lines that are in one text and not in another. */
const lines = (one: string, other: string) => {
  const there = new Set(other.split('\n'));
  return one.split('\n').filter((line) => !there.has(line));
};

async function withPhone(hospital: string): Promise<Patient> {
  const patients = (await demo.all('Patient?_count=200')) as Patient[];
  return patients.find(({ id, telecom }) => id!.startsWith(`${hospital}.`) && telecom?.[0]?.system === 'phone')!;
}

describe.each([
  ['his-b', 'patients.json'],
  ['his-c', 'patients.csv'],
])('%s', (hospital, name) => {
  test('C4: a phone number is corrected, and no other byte of the file', async () => {
    const before = file(hospital, name);
    const patient = await withPhone(hospital);
    const old = patient.telecom![0]!.value!;
    const patch = [{ op: 'replace', path: '/telecom/0/value', value: '+91 00000 12345' }];
    const { status, resource } = await send('PATCH', `Patient/${patient.id}`, patch, 'application/json-patch+json');
    expect([status, (resource as Patient).telecom![0]!.value]).toEqual([200, '+91 00000 12345']);
    const after = file(hospital, name);
    const [was, ...others] = lines(before, after);
    expect(others).toEqual([]);
    expect(after).toBe(before.replace(was!, () => was!.replace(old, '+91 00000 12345')));
    expect(readdirSync(join(demo.folder, hospital)).filter((one) => one.startsWith('.'))).toEqual([]);
  });

  test('C1: a patient, a weight and a policy are created in one record, and deleted without a trace', async () => {
    const before = file(hospital, name);
    const system = `https://healthsync.dev/fhir/sid/${hospital}/patient-id`;
    const created = await send('POST', 'Patient', {
      resourceType: 'Patient',
      identifier: [{ use: 'usual', system, value: 'new-1' }],
      name:
        hospital === 'his-b'
          ? [{ use: 'official', family: 'Ñandú', given: ['Zoë'] }]
          : [{ use: 'official', text: 'Zoë "Z", Ñandú' }],
      gender: 'female',
      birthDate: '1990-05-06',
      meta: { source: `urn:healthsync:${hospital}` },
    });
    expect(created).toMatchObject({ status: 201, resource: { id: `${hospital}.new-1`, birthDate: '1990-05-06' } });
    const subject = { reference: `Patient/${hospital}.new-1` };
    const weight: Observation = {
      resourceType: 'Observation',
      status: 'final',
      category: [
        {
          coding: [
            {
              system: 'http://terminology.hl7.org/CodeSystem/observation-category',
              code: 'vital-signs',
              display: 'Vital Signs',
            },
          ],
        },
      ],
      code: { coding: [{ system: 'http://loinc.org', code: '29463-7', display: 'Body weight' }] },
      subject,
      valueQuantity: { value: 71.5, unit: 'kg', system: 'http://unitsofmeasure.org', code: 'kg' },
    };
    expect(await send('POST', 'Observation', weight)).toMatchObject({
      status: 201,
      resource: { id: `${hospital}.new-1.weight`, valueQuantity: { value: 71.5 } },
    });
    const policy: Coverage = {
      resourceType: 'Coverage',
      status: 'active',
      subscriberId: 'INS, 1',
      beneficiary: subject,
      payor: [{ display: 'Acme' }],
    };
    expect(await send('POST', 'Coverage', policy)).toMatchObject({ status: 201 });
    const added = lines(file(hospital, name), before).filter((line) => line.includes('new-1'));
    expect(added).toHaveLength(1);
    expect(added[0]).toContain('71.5');
    expect(await demo.all(`Observation?subject=Patient/${hospital}.new-1`)).toHaveLength(1);
    const refused = await send('DELETE', `Patient/${hospital}.new-1`);
    expect(refused.status).toBe(409);
    expect(JSON.stringify(refused.resource as OperationOutcome)).toContain(`${hospital}.new-1.weight`);
    for (const path of [
      `Observation/${hospital}.new-1.weight`,
      `Coverage/${hospital}.new-1.coverage`,
      `Patient/${hospital}.new-1`,
    ])
      expect([path, (await send('DELETE', path)).status]).toEqual([path, 204]);
    expect((await demo.get(`Patient/${hospital}.new-1`)).status).toBe(404);
    expect(file(hospital, name)).toBe(before);
  });

  test('what the file cannot hold is refused by its path, and the file stays', async () => {
    const before = file(hospital, name);
    const patient = await withPhone(hospital);
    const { status, resource } = await send('PUT', `Patient/${patient.id}`, {
      ...patient,
      maritalStatus: { text: 'Married' },
    });
    expect(status).toBe(422);
    expect(JSON.stringify(resource)).toContain('Patient.maritalStatus');
    expect(file(hospital, name)).toBe(before);
  });

  test('a hundred reads while it is written: none fails, none sees half', async () => {
    const patient = await withPhone(hospital);
    let writing = true;
    const reads = (async () => {
      let count = 0;
      while (writing) {
        const answer = await demo.get(`Patient?_id=${patient.id}`);
        expect(answer.status).toBe(200);
        expect(((await answer.json()) as Bundle).entry).toHaveLength(1);
        count++;
      }
      return count;
    })();
    for (let i = 0; i < 20; i++) {
      const patch = [{ op: 'replace', path: '/telecom/0/value', value: `+91 ${i}` }];
      const answer = await send('PATCH', `Patient/${patient.id}`, patch, 'application/json-patch+json');
      expect(answer.status).toBe(200);
    }
    writing = false;
    expect(await reads).toBeGreaterThan(5);
  });
});
