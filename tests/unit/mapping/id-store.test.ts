import { afterEach, describe, expect, test } from '@jest/globals';
import type { Basic, Organization, Patient, Practitioner } from '@medplum/fhirtypes';
import { openMemory } from '#src/adapters/memory/adapter.js';
import { compileSource, createEngine } from '#src/execution/create-engine.js';
import { exampleIds } from '#src/identity/stored-ids.js';
import { distinct, type Mapping, map, reference, table, valuesOf } from '#src/mapping/index.js';
import { kinds, type Mapped, mapped } from '../../support/mapped.js';

const people = table('people', { key: ['name'], idStore: true, columns: { name: 'text', town: 'text' } });
const visits = table('visits', {
  key: ['person', 'day'],
  idStore: true,
  columns: { person: 'text', day: 'integer', ward: 'text', doctor: 'text' },
});
const wards = distinct({ name: 'wards', idStore: true }, valuesOf(visits, 'ward'));
const doctors = distinct({ name: 'doctors', idStore: true }, valuesOf(visits, 'doctor'));

const patient = map<Patient>('Patient', {
  name: 'patient',
  id: people.id,
  to: { resourceType: 'Patient', name: [{ text: people.text('name') }], address: [{ city: people.text('town') }] },
});
const practitioner = map<Practitioner>('Practitioner', {
  name: 'practitioner',
  id: doctors.id,
  to: { resourceType: 'Practitioner', name: [{ text: doctors.text('value') }] },
});
const ward = map<Organization>('Organization', {
  name: 'ward',
  id: wards.facet('ward'),
  to: { resourceType: 'Organization', name: wards.text('value') },
});
const visit = (facet: string) =>
  map<Basic>('Basic', {
    name: facet,
    id: visits.facet(facet),
    to: {
      resourceType: 'Basic',
      code: { text: visits.text('ward') },
      subject: { reference: reference('Patient', people.id, { rows: visits, columns: ['person'] }) },
      author: { reference: reference('Practitioner', doctors.id, { rows: visits, columns: ['doctor'] }) },
    },
  });
const mappings = [patient, practitioner, ward, visit('one'), visit('two')];

const long = 'Ward of the very long name, which is longer than any id of R4 may ever be, by far';
const tables = {
  people: {
    columns: ['name', 'town'],
    rows: [
      ['Ada Lovelace', 'London'],
      ['ada lovelace', 'Paris'],
      ["Robert'); DROP TABLE people;--", 'Rome'],
      ['Zoë.D|Souza/..', 'Goa'],
      ['', 'Nowhere'],
      [null, 'Nowhere'],
      [42, 'Number'],
    ],
  },
  visits: {
    columns: ['person', 'day', 'ward', 'doctor'],
    rows: [
      ['Ada Lovelace', 1, long, 'Dr. No'],
      ['Ada Lovelace', 2, 'B', ' Dr. No '],
      ['ada lovelace', 1, 'B', 'Dr. Who'],
      ["Robert'); DROP TABLE people;--", 1, 'B', null],
    ],
  },
} as const;

let clinic: Mapped | undefined;
afterEach(async () => {
  await clinic?.close();
  clinic = undefined;
});

const each = kinds.flatMap((kind) => [true, false].map((pushdown) => ({ kind, pushdown })));
describe.each(each)('$kind, pushdown $pushdown', ({ kind, pushdown }) => {
  const open = () => {
    clinic = mapped(kind, tables, mappings, pushdown);
    return clinic;
  };
  const all = async (query: string) => (await open().search(query)).matches;

  test('every row with a whole key has an opaque id of its own, of R4’s form, and is read by it', async () => {
    const found = (await all('Patient')) as Patient[];
    expect(found.map(({ address }) => address![0]!.city).sort()).toEqual(['Goa', 'London', 'Number', 'Paris', 'Rome']);
    expect(new Set(found.map(({ id }) => id)).size).toBe(5);
    for (const one of found) {
      expect(one.id).toMatch(/^s\.[a-z2-7]{16}$/);
      expect(await clinic!.read('Patient', one.id!)).toEqual(one);
      expect(await clinic!.ids(`Patient?_id=${one.id}`)).toBe(one.id!.slice(2));
    }
    const [first, second] = found;
    expect(await clinic!.ids(`Patient?_id=${first!.id},${second!.id}`)).toBe(
      `${first!.id!.slice(2)} ${second!.id!.slice(2)}`,
    );
  });

  test('an id that was never given, or is another relation’s, is not found', async () => {
    const [doctor] = await all('Practitioner');
    await expect(clinic!.read('Practitioner', doctor!.id!)).resolves.toEqual(doctor);
    for (const id of [doctor!.id!, `${doctor!.id}.one`, 's.aaaaaaaaaaaaaaaa', 's.Ada', 's.', "s.'"]) {
      await expect(clinic!.read('Patient', id)).rejects.toMatchObject({ code: 'not-found' });
      expect(await clinic!.ids(`Patient?_id=${encodeURIComponent(id)}`)).toBe('');
    }
    expect(await clinic!.ids('Basic?subject=Patient/s.aaaaaaaaaaaaaaaa')).toBe('');
  });

  test('a key longer than an id is served', async () => {
    const found = (await all('Organization')) as Organization[];
    expect(found.map(({ name }) => name).sort()).toEqual(['B', long]);
    for (const { id } of found) expect(id).toMatch(/^s\.[a-z2-7]{16}\.ward$/);
  });

  test('references lead there and back, facets of one row share its key', async () => {
    const found = (await all('Basic')) as Basic[];
    expect(found).toHaveLength(8);
    const keys = new Set(found.map(({ id }) => id!.replace(/\.(one|two)$/, '')));
    expect(keys.size).toBe(4);
    const patients = (await clinic!.search('Patient')).matches as Patient[];
    const ada = patients.find(({ name }) => name![0]!.text === 'Ada Lovelace')!;
    const hers = found.filter(({ subject }) => subject!.reference === `Patient/${ada.id}`);
    expect(hers).toHaveLength(4);
    const asked = `Basic?subject=Patient/${ada.id}`;
    expect((await clinic!.ids(asked)).split(' ').sort()).toEqual(hers.map(({ id }) => id!.slice(2)).sort());
    // Doctors are texts, the same without the space around them.
    const doctors = (await clinic!.search('Practitioner')).matches as Practitioner[];
    expect(doctors.map(({ name }) => name![0]!.text).sort()).toEqual(['Dr. No', 'Dr. Who']);
    const no = doctors.find(({ name }) => name![0]!.text === 'Dr. No')!;
    expect((await clinic!.ids(`Basic?author=Practitioner/${no.id}`)).split(' ')).toHaveLength(4);
    const included = (await clinic!.search(`${asked}&_include=Basic:subject`)).included;
    expect(included).toEqual([ada]);
    const back = (await clinic!.search(`Patient?_id=${ada.id}&_revinclude=Basic:subject`)).included;
    expect(back.map(({ id }) => id).sort()).toEqual(hers.map(({ id }) => id).sort());
  });

  test('chains and _has follow stored ids', async () => {
    open();
    expect((await clinic!.ids('Basic?subject:Patient.address-city=london')).split(' ')).toHaveLength(4);
    expect((await clinic!.ids('Basic?author:Practitioner.name=dr.%20who')).split(' ')).toHaveLength(2);
    const who = (await clinic!.search('Practitioner?name=dr.%20who')).matches[0]!;
    const had = (await clinic!.search(`Patient?_has:Basic:subject:author=Practitioner/${who.id}`)).matches as Patient[];
    expect(had.map(({ address }) => address![0]!.city)).toEqual(['Paris']);
  });
});

describe('what is refused when mappings are loaded', () => {
  const compile = (of: readonly Mapping[], name = 's', ids: ReturnType<typeof exampleIds> | undefined = exampleIds()) =>
    compileSource({ name, timeZone: 'UTC', mappings: { folder: '', mappings: of, conceptMaps: new Map() } }, 'u', ids);
  const open = table('people', { key: ['name'], columns: { name: 'text', no: 'integer' } });
  const named = map<Patient>('Patient', {
    name: 'named',
    id: open.id,
    to: { resourceType: 'Patient', name: [{ text: open.text('name') }] },
  });

  test('a key that a mapping serves as the name of a person', () => {
    expect(() => compile([named])).toThrow(/key column name holds the name of a person.*idStore/);
    const beside = map<Basic>('Basic', {
      name: 'beside',
      id: open.facet('b'),
      to: { resourceType: 'Basic', code: { text: 'x' } },
    });
    expect(() => compile([beside])).not.toThrow();
    expect(() => compile([patient, beside])).toThrow(/Mapping beside: the key column name/);
  });

  test('two relations may both be stored; one relation, or one that is not stored, needs a facet', () => {
    const other = table('others', { key: ['name'], idStore: true, columns: { name: 'text' } });
    const again = (id: typeof other.id) =>
      map<Patient>('Patient', { name: 'again', id, to: { resourceType: 'Patient', active: true } });
    expect(() => compile([patient, again(other.id)])).not.toThrow();
    expect(() => compile([patient, again(people.id)])).toThrow(/could make the same id/);
    const numbered = table('numbers', { key: ['no'], columns: { no: 'integer' } });
    expect(() => compile([patient, again(numbered.id)])).toThrow(/could make the same id/);
  });

  test('stored ids without a store, and a facet that leaves no room for them', () => {
    const source = { name: 's', adapter: openMemory(tables), required: true, timeZone: 'UTC', timeoutMs: 1_000 };
    const setting = {
      sources: [{ ...source, mappings: { folder: '', mappings, conceptMaps: new Map() }, limits: { concurrency: 1 } }],
      baseUrl: 'http://h/fhir',
      limits: { rows: 1, deadlineMs: 1 },
      cursorKey: Buffer.alloc(32),
      randomBytes: Buffer.alloc,
    };
    expect(() => createEngine(setting)).toThrow(/there is no store/);
    expect(() => compile([visit('a'.repeat(14))], 'x'.repeat(32))).not.toThrow();
    expect(() => compile([visit('a'.repeat(15))], 'x'.repeat(32))).toThrow(/longer than R4 allows/);
  });
});
