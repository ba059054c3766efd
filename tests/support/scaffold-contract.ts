import { afterAll, beforeAll, expect, test } from '@jest/globals';
import type { Observation, Resource } from '@medplum/fhirtypes';
import type { DemoServer } from './demo-server.js';
import { type Scaffolded, scaffolded } from './scaffolded.js';

export interface ScaffoldCase {
  readonly adapter: string;
  /** Writes the hospital; returns its location. */
  readonly prepare: () => Promise<string>;
  readonly drop: () => Promise<void>;
}

const counts = {
  Patient: 5,
  Encounter: 5,
  Condition: 5,
  Observation: 5,
  MedicationRequest: 5,
  // One has no date, which R4 requires.
  Immunization: 4,
  AllergyIntolerance: 5,
  Procedure: 5,
} as const;

/** What the folder written for the small hospital must be, whatever kind of database it is in. */
export function scaffoldContract({ adapter, prepare, drop }: ScaffoldCase): void {
  let written: Scaffolded;
  let server: DemoServer;
  beforeAll(async () => {
    written = await scaffolded(adapter, await prepare());
    server = await written.serve();
  }, 60_000);
  afterAll(async () => {
    await server?.stop();
    await drop();
  });

  test('check finds no error, and every mapping has its example', async () => {
    const findings = await written.check();
    expect(findings.length).toBeGreaterThan(8);
    expect(findings.filter(({ severity }) => severity === 'error')).toEqual([]);
    const unwanted = ['no-example', 'undecodable-value', 'duplicate-key', 'column-type', 'missing-column'];
    expect(findings.filter(({ kind }) => unwanted.includes(kind))).toEqual([]);
  }, 60_000);

  test('nothing of a row is written, nor a password', () => {
    expect(Object.keys(written.files).sort()).toEqual(
      expect.arrayContaining(['README.md', 'examples/patient.json', 'healthsync.yaml', 'patient.ts', 'source.ts']),
    );
    expect(written.leaked).toEqual([]);
  });

  test('what is not certain is said', () => {
    expect(written.out).toMatch(/^nothing from billing: /m);
    expect(written.files['source.ts']).toMatch(/^\/\/ {3}billing: /m);
    expect(written.files['README.md']).toMatch(/billing/);
    expect(written.files['patient.ts']).toMatch(/shoe_size: 'not decided/);
    expect(written.files['condition.ts']).toMatch(/^\/\/ DECIDE icd10_code: which code system/m);
  });

  test('every row is served', async () => {
    const found: Record<string, number> = {};
    for (const type of Object.keys(counts)) found[type] = (await server.all(type)).length;
    expect(found).toEqual(counts);
  });

  test('a search answers, and its references lead on', async () => {
    const [patient, ...others] = await server.all('Patient?family=quirk2&birthdate=1971-01-02&gender=male');
    expect(others).toEqual([]);
    expect(patient).toMatchObject({ name: [{ family: 'Quirk2', given: ['Zelda2'] }] });
    const of = (type: string) => server.all(`${type}?patient=${patient!.id}`);
    const [encounter] = await of('Encounter');
    expect(encounter).toMatchObject({ status: 'finished', class: { code: 'IMP' } });
    const [observation] = (await of('Observation')) as Observation[];
    expect(observation!.code.coding).toMatchObject([{ system: 'http://loinc.org', code: '2345-7' }]);
    expect(observation).toMatchObject({
      valueQuantity: { value: 2.5, unit: 'mg/dL' },
      encounter: { reference: `Encounter/${encounter!.id}` },
    });
    expect((await server.all('Observation?code=http://loinc.org|718-7')).length).toBe(2);
  });

  test('a key that leads nowhere, and a number that is no key, are identifiers', async () => {
    const all = (await server.all('MedicationRequest')) as (Resource & { subject: object })[];
    expect(all.filter(({ subject }) => 'reference' in subject)).toHaveLength(4);
    expect(all.filter(({ subject }) => 'identifier' in subject)).toHaveLength(5);
    const [patient] = (await server.all('Patient?identifier=MRN-002')) as { identifier: { system: string }[] }[] &
      Resource[];
    const [immunization] = await server.all('Immunization?vaccine-code:text=mmr&date=2020-01-02');
    expect(immunization).toMatchObject({
      patient: { identifier: { system: patient!.identifier[1]!.system, value: 'MRN-002' } },
    });
  });
}
