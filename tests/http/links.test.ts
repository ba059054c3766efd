import { mkdirSync, mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import type { Bundle, Observation, OperationOutcome, Patient } from '@medplum/fhirtypes';
import { generate } from '#demo/generate.js';
import { loadConfiguration } from '#src/config/load-configuration.js';
import { type DemoServer, serveConfiguration } from '../support/demo-server.js';
import { runHealthsync } from '../support/run-healthsync.js';
import { root } from '../support/source-tree.js';

/** Two hospitals, in SQLite and in JSON, and devices that write the name of whom they measure, in CSV. */
const devices = `import type { Observation, Patient } from '@medplum/fhirtypes';
import { linked, map, table } from 'healthsync/mapping';
const pulses = table('pulses', { key: ['no'], columns: { no: 'integer', name: 'text', rate: 'decimal' } });
export const pulse = map<Observation>('Observation', {
  name: 'pulse',
  id: pulses.id,
  because: { status: 'a device writes what it has measured' },
  to: {
    resourceType: 'Observation',
    status: 'final',
    code: { coding: [{ system: 'http://loinc.org', code: '8867-4' }] },
    subject: {
      type: 'Patient',
      reference: linked('Patient', 'urn:devices:name', pulses, 'name'),
      identifier: { system: 'urn:devices:name', value: pulses.text('name') },
    },
    valueQuantity: { value: pulses.decimal('rate') },
  },
});
const cards = table('cards', { key: ['no'], columns: { no: 'integer', card: 'text' } });
export const holder = map<Patient>('Patient', {
  name: 'holder',
  id: cards.id,
  to: { resourceType: 'Patient', identifier: [{ system: 'urn:card', value: cards.text('card') }] },
});
`;

let server: DemoServer;
let configuration: string;
let inA: Patient;
let inB: Patient;
const named = 'Person, "The" One|Two';
beforeAll(async () => {
  const folder = mkdtempSync(join(tmpdir(), 'healthsync-linked-'));
  await generate({ seed: 3, patients: 60, out: folder });
  mkdirSync(join(folder, 'devices'));
  mkdirSync(join(folder, 'mapping'));
  writeFileSync(join(folder, 'mapping/pulse.ts'), devices);
  const csv = (name: string) => `"${name.replaceAll('"', '""')}"`;
  writeFileSync(
    join(folder, 'devices/pulses.csv'),
    `no,name,rate\n1,${csv(named)},71\n2,${csv(named)},72\n3,Else,73\n`,
  );
  writeFileSync(join(folder, 'devices/cards.csv'), 'no,card\n1,A\n2,A\n3,B\n');
  const hospital = (name: string, adapter: string, location: string) => ({
    name,
    adapter,
    location,
    mappings: join(root, 'mappings', name),
    timeZone: 'Asia/Kolkata',
  });
  configuration = join(folder, 'linked.yaml');
  writeFileSync(
    configuration,
    JSON.stringify({
      sources: [
        hospital('his-a', 'sqlite', 'his-a/hospital.db'),
        hospital('his-b', 'duckdb', 'his-b'),
        { name: 'devices', adapter: 'duckdb', location: 'devices', mappings: 'mapping' },
      ],
    }),
  );
  server = await serveConfiguration(loadConfiguration(configuration), folder);
  const of = async (source: string) =>
    (await server.all('Patient?_count=100')).find(({ id }) => id!.startsWith(`${source}.`)) as Patient;
  [inA, inB] = [await of('his-a'), await of('his-b')];
}, 60_000);
afterAll(() => server?.stop());

const links = async (action: string, ...lines: readonly string[]) => {
  const file = join(server.folder, 'links.csv');
  writeFileSync(file, ['one,other', ...lines, ''].join('\n'));
  return runHealthsync('links', action, file, '--config', configuration);
};
const quoted = (text: string) => `"${text.replaceAll('"', '""')}"`;
const identified = ({ identifier }: Patient) => `Patient?identifier=${identifier![0]!.system}|${identifier![0]!.value}`;
const told = ({ entry }: Bundle) =>
  (entry ?? [])
    .filter(({ search }) => search?.mode === 'outcome')
    .flatMap(({ resource }) => (resource as OperationOutcome).issue);
const sources = async (search: string) =>
  [...new Set((await server.all(search)).map(({ id }) => id!.split('.')[0]))].sort();

describe('links', () => {
  test('before any is imported everybody is one, and a name is a logical reference', async () => {
    expect(await sources(`Observation?patient=${inA.id}&_count=100`)).toEqual(['his-a']);
    const [pulse] = (await server.all('Observation?code=8867-4')) as Observation[];
    expect(pulse!.subject).toEqual({ type: 'Patient', identifier: { system: 'urn:devices:name', value: named } });
  });

  test('what is imported counts for the next request, without a restart; twice adds nothing', async () => {
    const lines = [
      `Patient/${inA.id},${quoted(identified(inB))}`,
      `${quoted(`Patient?identifier=urn:devices:name|${named}`)},Patient/${inB.id}`,
    ];
    expect(await links('import', ...lines)).toEqual({
      code: 0,
      out: '2 links added, 0 were there already, 0 lines left out\n',
      err: '',
    });
    expect((await links('import', ...lines)).out).toBe('0 links added, 2 were there already, 0 lines left out\n');
    for (const id of [inA.id, inB.id])
      expect(await sources(`Observation?patient=${id}&_count=100`)).toEqual(['devices', 'his-a', 'his-b']);
    const pulses = (await server.all(`Observation?subject=Patient/${inB.id}&code=8867-4`)) as Observation[];
    expect(pulses.map(({ id }) => id)).toEqual(['devices.1', 'devices.2']);
    for (const { id, subject } of pulses) {
      expect(subject!.reference).toBe(`Patient/${inA.id}`);
      expect(((await (await server.get(`Observation/${id}`)).json()) as Observation).subject).toEqual(subject);
    }
  });

  test('the answer says what was added, and self is what was asked', async () => {
    const page = await server.search(`Observation?patient=${inA.id}&_count=3`);
    expect(page.link!.find(({ relation }) => relation === 'self')!.url).toBe(
      `${server.baseUrl}/Observation?patient=${inA.id}&_count=3`,
    );
    expect(told(page)).toEqual([
      {
        severity: 'information',
        code: 'informational',
        details: { coding: [{ system: 'urn:healthsync:fault', code: 'linked' }] },
        diagnostics: `Patient/${inA.id} is linked: Patient/${inB.id}, 1 of urn:devices:name are asked for, too.`,
        expression: ['http.patient'],
      },
    ]);
    // Every page says it.
    const next = await server.search(page.link!.find(({ relation }) => relation === 'next')!.url!);
    expect(told(next)).toEqual(told(page));
    expect(JSON.stringify(told(page))).not.toContain('Person');
  });

  test('chains, _has, _include and _revinclude go across', async () => {
    const family = encodeURIComponent(inB.name![0]!.family!);
    const chained = await sources(
      `Observation?patient.family:exact=${family}&patient.given:exact=${encodeURIComponent(inB.name![0]!.given![0]!)}&_count=100`,
    );
    expect(chained).toEqual(['devices', 'his-a', 'his-b']);
    const had = await server.all('Patient?_has:Observation:patient:code=8867-4');
    expect(had.map(({ id }) => id).sort()).toEqual([inA.id, inB.id].sort());
    const included = async (search: string) =>
      ((await server.search(search)).entry ?? [])
        .filter(({ search: how }) => how?.mode === 'include')
        .map(({ resource }) => resource!.id);
    expect((await included('Observation?_id=devices.1&_include=Observation:subject')).sort()).toEqual(
      [inA.id, inB.id].sort(),
    );
    expect(await included(`Patient?_id=${inB.id}&_revinclude=Observation:subject`)).toEqual(
      expect.arrayContaining(['devices.1', 'devices.2']),
    );
  });

  test('a line that says nothing is named by its number, and the others count', async () => {
    const { code, out, err } = await links(
      'import',
      `Patient/${inA.id},Observation/devices.1`,
      'Patient/his-a.nobody,Patient/his-b.nobody',
      '',
      `Patient/${inA.id}`,
      `Patient/${inA.id},Patient/${inA.id}`,
      `Patient/${inA.id},"Patient?identifier=urn:nowhere|1"`,
      `Patient/${inA.id},Patient?name=x`,
      `Patient/${inA.id},"Patient?identifier=urn:devices:name|Else"`,
      `Patient/${inA.id},"Patient/${inB.id}`,
      'Group/a.1,Group/b.1',
    );
    expect(code).toBe(1);
    expect(out).toBe('1 links added, 0 were there already, 8 lines left out\n');
    const file = join(server.folder, 'links.csv');
    expect(err.trim().split('\n').sort()).toEqual(
      [
        `${file}:2: a Patient is no Observation.`,
        `${file}:3: its first field: no Patient has that id.`,
        `${file}:5: it is not two fields of CSV.`,
        `${file}:6: both fields are the same.`,
        `${file}:7: its second field: no Patient has that identifier.`,
        `${file}:8: its second field is neither Type/id nor Type?identifier=system|value.`,
        `${file}:10: it is not two fields of CSV.`,
        `${file}:11: its first field: no source has a Group.`,
      ].sort(),
    );
    expect(await sources(`Observation?patient=${inB.id}&code=8867-4`)).toEqual(['devices']);
    expect((await server.all(`Observation?patient=${inB.id}&code=8867-4`)).map(({ id }) => id)).toEqual([
      'devices.1',
      'devices.2',
      'devices.3',
    ]);
  });

  test('an identifier of several is nobody’s, and while a source is away it is not known whose it is', async () => {
    const two = await links('import', `Patient/${inA.id},Patient?identifier=urn:card|A`);
    expect([two.code, two.err]).toEqual([
      1,
      expect.stringMatching(/links\.csv:2: its second field: 2 Patient have that identifier\.\n$/),
    ]);
    const { sources: all } = JSON.parse(readFileSync(configuration, 'utf8')) as { sources: { name: string }[] };
    const without = all.map((source) => (source.name === 'devices' ? { ...source, location: 'nowhere' } : source));
    const file = join(server.folder, 'without.yaml');
    writeFileSync(file, JSON.stringify({ sources: without }));
    const lines = join(server.folder, 'one.csv');
    writeFileSync(lines, `one,other\nPatient/${inA.id},Patient?identifier=urn:card|B\n`);
    const away = await runHealthsync('links', 'import', lines, '--config', file);
    expect([away.code, away.out, away.err]).toEqual([
      1,
      '0 links added, 0 were there already, 0 lines left out\n',
      expect.stringMatching(/^healthsync: .*devices/),
    ]);
    expect((await runHealthsync('links', 'import', lines, '--config', configuration)).out).toMatch(/^1 links added/);
    expect((await runHealthsync('links', 'remove', lines, '--config', configuration)).out).toMatch(/^1 links removed/);
  });

  test('what is removed counts no more', async () => {
    const line = `Patient/${inB.id},"Patient?identifier=urn:devices:name|${named.replaceAll('"', '""')}"`;
    expect((await links('remove', line, line)).out).toBe('1 links removed, 1 were not there, 0 lines left out\n');
    expect((await server.all(`Observation?patient=${inB.id}&code=8867-4`)).map(({ id }) => id)).toEqual(['devices.3']);
  });

  test('a file that is none of links is refused', async () => {
    const file = join(server.folder, 'other.csv');
    writeFileSync(file, 'a,b\n');
    const other = await runHealthsync('links', 'import', file, '--config', configuration);
    expect([other.code, other.err]).toEqual([
      1,
      expect.stringContaining('other.csv:1: the first line is not one,other.'),
    ]);
    const none = await runHealthsync('links', 'import', join(server.folder, 'none.csv'), '--config', configuration);
    expect([none.code, none.err]).toEqual([1, expect.stringContaining('none.csv cannot be read.')]);
    const unknown = await runHealthsync('links', 'list', file, '--config', configuration);
    expect(unknown.code).toBe(2);
  });
});
