import { renameSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import type {
  CapabilityStatement,
  Encounter,
  Invoice,
  Observation,
  OperationOutcome,
  Patient,
} from '@medplum/fhirtypes';
import { type DemoServer, startDemo } from '../support/demo-server.js';

let demo: DemoServer;
let patients: readonly Patient[];
beforeAll(async () => {
  demo = await startDemo({ seed: 7, patients: 100 });
  patients = (await demo.all('Patient?_count=500')) as readonly Patient[];
}, 60_000);
afterAll(() => demo.stop());

const idsOf = (resources: readonly { readonly id?: string }[]) => resources.map(({ id }) => id).sort();
const urls = (found: readonly Patient[]) => new Set(found.map(({ id }) => `Patient/${id}`));
const all = async <T>(query: string) => (await demo.all(query)) as unknown as readonly (T & { id?: string })[];

describe('rule 33: chains over the four hospitals give what a client would join', () => {
  test('Observation?patient.family', async () => {
    const letter = patients.find(({ name }) => name?.[0]?.family)!.name![0]!.family![0]!;
    const found = await all<Observation>(`Observation?patient.family=${letter}&_count=9`);
    const named = urls(
      patients.filter(({ name }) => name?.some(({ family }) => family?.toLowerCase().startsWith(letter.toLowerCase()))),
    );
    const expected = (await all<Observation>('Observation?_count=500')).filter(({ subject }) =>
      named.has(subject?.reference ?? ''),
    );
    expect(idsOf(found)).toEqual(idsOf(expected));
    expect(found.length).toBeGreaterThan(0);
  });

  test('Encounter?patient:Patient.birthdate', async () => {
    const found = await all<Encounter>('Encounter?patient:Patient.birthdate=lt1960&_sort=-_id');
    const born = urls(patients.filter(({ birthDate }) => birthDate !== undefined && birthDate < '1960'));
    const expected = (await all<Encounter>('Encounter?_count=500')).filter(({ subject }) =>
      born.has(subject?.reference ?? ''),
    );
    expect(idsOf(found)).toEqual(idsOf(expected));
    expect(new Set(found.map(({ id }) => id!.split('.')[0])).size).toBeGreaterThan(1);
  });

  test('Invoice?patient.gender, from one table to another', async () => {
    const found = await all<Invoice>('Invoice?patient.gender=female&_count=7');
    const women = urls(patients.filter(({ gender }) => gender === 'female'));
    const expected = (await all<Invoice>('Invoice?_count=500')).filter(({ subject }) =>
      women.has(subject?.reference ?? ''),
    );
    expect(idsOf(found)).toEqual(idsOf(expected));
    expect(found.length).toBeGreaterThan(0);
  });

  test('Encounter?service-provider.name, to values of a column', async () => {
    const found = await all<Encounter>('Encounter?service-provider.name=card&_count=50');
    const departments = new Set(
      (await demo.all('Organization?name=card&_count=500')).map(({ id }) => `Organization/${id}`),
    );
    const expected = (await all<Encounter>('Encounter?_count=500')).filter(({ serviceProvider }) =>
      departments.has(serviceProvider?.reference ?? ''),
    );
    expect(idsOf(found)).toEqual(idsOf(expected));
    expect(found.length).toBeGreaterThan(0);
  });
});

describe('rule 34: _has over the four hospitals', () => {
  test.each(['code=882-1', 'code=8302-2,29463-7', 'value-quantity=gt170'])(
    'Patient?_has:Observation:patient:%s',
    async (inner) => {
      const found = await all<Patient>(`Patient?_has:Observation:patient:${inner}&_count=11`);
      const observed = new Set(
        (await all<Observation>(`Observation?${inner}&_count=500`)).map(({ subject }) => subject?.reference),
      );
      expect(idsOf(found)).toEqual(idsOf(patients.filter(({ id }) => observed.has(`Patient/${id}`))));
      expect(found.length).toBeGreaterThan(0);
    },
  );

  test('with a chain and a condition beside it, and the total', async () => {
    const bundle = await demo.search(
      'Patient?_has:Invoice:patient:status=issued&gender=female&_total=accurate&_count=3',
    );
    const billed = new Set(
      (await all<Invoice>('Invoice?status=issued&_count=500')).map(({ subject }) => subject?.reference),
    );
    const expected = patients.filter(({ id, gender }) => gender === 'female' && billed.has(`Patient/${id}`));
    expect(bundle.total).toBe(expected.length);
    expect(bundle.link?.[0]?.url).toContain('_has:Invoice:patient:status=issued');
  });
});

describe('what cannot be asked', () => {
  test.each([
    [
      'Patient?general-practitioner.name=x',
      'http.general-practitioner.name',
      /general-practitioner:Practitioner\.name/,
    ],
    ['Observation?patient.nonsense=x', 'http.patient.nonsense', /nonsense/],
    ['Patient?_has:Observation:patient:nonsense=x', 'http._has:Observation:patient:nonsense', /nonsense/],
    ['Observation?patient.organization.name=x', 'http.patient.organization.name', /more than one/],
  ])('rule 33, 34: %s', async (query, expression, words) => {
    const answer = await demo.get(query);
    expect(answer.status).toBe(400);
    const { issue } = (await answer.json()) as OperationOutcome;
    expect(issue[0]).toMatchObject({ expression: [expression], diagnostics: expect.stringMatching(words) });
  });

  test('rule 39: lenient handling leaves an unknown chain out and says so', async () => {
    const answer = await demo.get('Patient?organization.nonsense=x&_count=1', { prefer: 'handling=lenient' });
    expect(answer.status).toBe(200);
    expect(JSON.stringify(await answer.json())).toContain('organization.nonsense');
  });
});

test('rule 93: the statement names what chains lead to, and it is understood', async () => {
  const { rest } = (await (await demo.get('metadata')).json()) as CapabilityStatement;
  for (const { type, documentation, searchParam } of rest![0]!.resource!) {
    for (const { name, documentation: words } of searchParam ?? []) {
      for (const target of /Chains: ([\w, ]+)/.exec(words ?? '')?.[1]?.split(', ') ?? [])
        expect([type, name, target, (await demo.get(`${type}?${name}:${target}._id=x`)).status]).toEqual([
          type,
          name,
          target,
          200,
        ]);
    }
    for (const one of /_has: ([\w:, -]+)/.exec(documentation ?? '')?.[1]?.split(', ') ?? [])
      expect([type, one, (await demo.get(`${type}?_has:${one}:_id=x`)).status]).toEqual([type, one, 200]);
  }
  const observation = rest![0]!.resource!.find(({ type }) => type === 'Observation')!;
  expect(observation.searchParam!.find(({ name }) => name === 'patient')!.documentation).toContain('Chains: Patient');
});

describe('rule 98: a hospital that is away', () => {
  const file = () => join(demo.folder, 'his-b/patients.json');
  const away = async <T>(run: () => Promise<T>): Promise<T> => {
    renameSync(file(), `${file()}.away`);
    try {
      return await run();
    } finally {
      renameSync(`${file()}.away`, file());
    }
  };

  test('is named, and what asks for absence at the other end is refused where that is asked of it', async () => {
    await away(async () => {
      const partial = await demo.search('Invoice?patient.gender=female');
      expect(JSON.stringify(partial.entry?.at(-1))).toContain('his-b');
      const refused = await demo.get('Invoice?patient.gender:not=female');
      expect(refused.status).toBe(503);
      expect(((await refused.json()) as OperationOutcome).issue[0]).toMatchObject({
        code: 'incomplete',
        expression: ['http.patient.gender:not'],
      });
    });
    expect((await demo.get('Invoice?patient.gender:not=female')).status).toBe(200);
  });
});
