import { mkdtempSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, test } from '@jest/globals';
import { openDuckdb } from '#src/adapters/duckdb/adapter.js';
import { checkSource } from '#src/check/check-source.js';
import { checkClinic, clinicFolder, schema, told } from '../../support/clinic.js';

const insert = (rows: string) => `${schema}\nINSERT INTO people (person_id, family_name, born, sex) VALUES ${rows};`;

test("a vendor's folder outside the repository loads, type-checks and keeps its examples", async () => {
  const findings = await checkClinic();
  expect(told(findings)).toEqual(['information left-out-column people.salary']);
  expect(findings.find(({ kind }) => kind === 'interactions')).toMatchObject({
    place: 'Patient',
    message: expect.stringMatching(/^read, search-type by .*birthdate.*family/),
  });
});

describe('mappings as text', () => {
  test('a misspelt column is a type error at its line', async () => {
    const findings = await checkClinic({
      mapping: (text) => text.replace("text('family_name')", "text('famly_name')"),
    });
    expect(told(findings)).toEqual(['error type-error patient.ts:15', expect.stringMatching(/^error unloadable /)]);
    expect(findings[0]!.message).toContain('"famly_name"');
  });

  test('a code that R4 does not have is a type error', async () => {
    const findings = await checkClinic({ mapping: (text) => text.replace("M: 'male'", "M: 'man'") });
    expect(told(findings, 'type-error')).toEqual(['error type-error patient.ts:16']);
  });

  test('JavaScript runs, and is said not to be type-checked', async () => {
    const at = clinicFolder({
      mapping: (text) => text.replace(/import type.*\n/, '').replace(/<Patient>| as const/g, ''),
    });
    renameSync(join(at.folder, 'patient.ts'), join(at.folder, 'patient.mjs'));
    expect(told(await checkClinic({}, at))).toEqual([
      'information not-type-checked patient.mjs',
      'information left-out-column people.salary',
    ]);
  });
});

describe('examples', () => {
  test('a difference names its path', async () => {
    const findings = await checkClinic({
      example: (text) => text.replace('{ "family": "Nilsson" }', '{ "family": "Nilson" }'),
    });
    expect(told(findings, 'example-differs')).toEqual(['error example-differs examples/patient.json']);
    expect(findings.find(({ kind }) => kind === 'example-differs')!.message).toBe(
      'clinic.7: name[0].family is "Nilsson" instead of "Nilson".',
    );
  });

  test.each([
    ['another id', (text: string) => text.replace('clinic.7', 'clinic.8'), 'clinic.8 is not made; made: clinic.7.'],
    ['an unknown mapping', (text: string) => text.replace('"patient"', '"person"'), 'There is no mapping person.'],
    ['a misspelt column', (text: string) => text.replace('"born"', '"birth"'), 'Table people has no column birth.'],
    ['an unknown table', (text: string) => text.replace('"people"', '"persons"'), 'No mapping reads a table persons.'],
    ['no JSON', () => '{', expect.stringMatching(/^It cannot be read: /)],
  ])('%s is an error', async (_, example, message) => {
    const findings = await checkClinic({ example });
    expect(findings.filter(({ kind }) => kind === 'example-differs').map((one) => one.message)).toEqual([message]);
  });

  test('a mapping without one is warned of', async () => {
    const at = clinicFolder();
    rmSync(join(at.folder, 'examples'), { recursive: true });
    expect(told(await checkClinic({}, at), 'no-example')).toEqual(['warning no-example examples/']);
  });
});

describe('the live schema', () => {
  test('a column that was renamed is missing under its old name and unmapped under its new', async () => {
    const database = schema.replaceAll('family_name', 'surname');
    expect(told(await checkClinic({ database }), 'missing-column', 'unmapped-column')).toEqual([
      'error unmapped-column people.surname',
      'error missing-column people.family_name',
    ]);
  });

  test('a table that is gone, and one that nobody reads', async () => {
    const database = schema.replaceAll('people', 'persons');
    expect(told(await checkClinic({ database }))).toEqual([
      'error missing-table people',
      'warning unread-table persons',
    ]);
  });

  test('a type that the mapping does not expect', async () => {
    const database = schema.replace('born TEXT', 'born INTEGER').replace('person_id INTEGER', 'person_id TEXT');
    expect(told(await checkClinic({ database }), 'column-type')).toEqual([
      'warning column-type people.person_id',
      'warning column-type people.born',
    ]);
  });

  test('a column that is left out without a reason is an error', async () => {
    const findings = await checkClinic({
      mapping: (text) => text.replace("unmapped: { salary: 'personnel data' },", ''),
    });
    expect(told(findings)).toEqual(['error unmapped-column people.salary']);
  });

  test('a key that is not unique, and the ids that are there twice', async () => {
    const database = insert(
      "(7, 'Andersdotter', '1960', 'F'), (7, 'Berg', '1961', 'M'), (8, 'Ceder', '1962', 'M')",
    ).replace(' PRIMARY KEY', '');
    const findings = await checkClinic({ database });
    expect(told(findings, 'key-not-unique', 'duplicate-key')).toEqual([
      'warning key-not-unique people(person_id)',
      'warning duplicate-key people(person_id)',
    ]);
    expect(findings.find(({ kind }) => kind === 'duplicate-key')!.message).toMatch(/^One key .*Patient\/clinic\.7\.$/);
  });

  test('at most three ids are shown', async () => {
    const twice = [1, 2, 3, 4].flatMap((id) => [`(${id}, 'A', '1960', 'F')`, `(${id}, 'B', '1961', 'M')`]);
    const findings = await checkClinic({ database: insert(twice.join(', ')).replace(' PRIMARY KEY', '') });
    const { message } = findings.find(({ kind }) => kind === 'duplicate-key')!;
    expect(message).toMatch(/^4 keys /);
    expect(message.match(/Patient\/clinic\.\d/g)).toHaveLength(3);
  });

  test('a source that is away', async () => {
    const at = clinicFolder();
    rmSync(at.location);
    expect(told(await checkClinic({}, at))).toEqual(['error source-away clinic']);
  });
});

describe('codes', () => {
  test('texts that have no code, and no other word of a row', async () => {
    const findings = await checkClinic({
      database: insert("(1, 'Andersdotter', '1960', 'F'), (2, 'Berg', '1961-13', 'X')"),
    });
    expect(told(findings, 'unknown-code', 'undecodable-value')).toEqual([
      'warning unknown-code people.sex',
      'warning undecodable-value Patient.gender',
      'warning undecodable-value Patient.birthDate',
    ]);
    expect(findings.find(({ kind }) => kind === 'unknown-code')!.message).toContain('"X"');
    expect(JSON.stringify(findings)).not.toMatch(/Andersdotter|Berg|1961-13/);
  });

  test('a text of rows that make no resource is none of them', async () => {
    const findings = await checkClinic({
      database: insert("(1, 'Andersdotter', '1960', 'F'), (2, 'Berg', '1961', 'X')"),
      mapping: (text) => text.replace('id: people.id,', "id: people.id,\n  exists: people.oneOf('sex', 'F', 'M'),"),
    });
    expect(told(findings, 'unknown-code')).toEqual([]);
  });

  test('at most twenty, and no free text', async () => {
    const rows = Array.from(
      { length: 30 },
      (_, i) => `(${i}, 'A', '1960', '${i === 0 ? 'long '.repeat(20) : `X${i}`}')`,
    );
    const { message } = (await checkClinic({ database: insert(rows.join(', ')) })).find(
      ({ kind }) => kind === 'unknown-code',
    )!;
    expect(message.match(/"X\d+"/g)).toHaveLength(20);
    expect(message).toContain('10 more');
    expect(message).not.toContain('long');
  });

  test('a code of two texts needs one that is canonical', async () => {
    const twice = (text: string) => text.replace("M: 'male'", "M: 'male', K: 'female'");
    const findings = await checkClinic({ mapping: twice });
    expect(told(findings, 'code-without-inverse')).toEqual(['warning code-without-inverse Patient.gender']);
    expect(findings.find(({ kind }) => kind === 'code-without-inverse')!.message).toContain(
      'female stands for "F", "K"',
    );
    const canonical = (text: string) =>
      twice(text).replace("K: 'female' }", "K: 'female' }, canonical: { female: 'F' }");
    expect(told(await checkClinic({ mapping: canonical }), 'code-without-inverse')).toEqual([]);
  });
});

test('a search that reads every row names the index that would help', async () => {
  const database = `${insert("(1, 'Andersdotter', '1960-01-01', 'F')").replace(/CREATE INDEX people_(family|sex).*/g, '')}`;
  const scans = (await checkClinic({ database })).filter(
    ({ kind, severity }) => kind === 'scan' && severity === 'warning',
  );
  expect(scans.map(({ place }) => place)).toEqual(['people(family_name COLLATE NOCASE)', 'people(sex)']);
  expect(scans[0]!.message).toMatch(/patient\?family/);
});

test('a required code that is a constant needs a reason', async () => {
  const observation = (because: string) => (text: string) =>
    text
      .replaceAll('Patient', 'Observation')
      .replace(
        /to: \{[\s\S]*?\n {2}\},/,
        `${because}to: { resourceType: 'Observation', status: 'final', code: { text: 'x' }, valueDateTime: people.date('born') },`,
      );
  expect(told(await checkClinic({ mapping: observation('') }), 'constant')).toEqual([
    'warning constant Observation.status',
  ]);
  expect(told(await checkClinic({ mapping: observation("because: { status: 'it is done' }, ") }), 'constant')).toEqual([
    'information constant Observation.status',
  ]);
});

test('documents are compared to their innermost paths', async () => {
  const data = mkdtempSync(join(tmpdir(), 'healthsync-documents-'));
  const person = { person_id: 7, name: { family: 'Andersdotter', middle: 'x' }, born: '1960', sex: null };
  writeFileSync(join(data, 'people.json'), JSON.stringify([person, { ...person, name: null }]));
  const { folder } = clinicFolder({
    mapping: (text) => text.replace("family_name: 'text'", "family_name: { path: 'name.family', type: 'text' }"),
    example: (text) => text.replace('"family_name": "Nilsson"', '"name": { "family": "Nilsson" }'),
  });
  const timeoutMs = 10_000;
  const adapter = openDuckdb({ name: 'clinic', location: data, timeoutMs });
  const source = {
    name: 'clinic',
    adapter,
    folder,
    indexed: false,
    required: false,
    timeZone: 'UTC',
    timeoutMs,
    limits: { concurrency: 1 },
  };
  const { findings } = await checkSource(source, {
    baseUrl: 'http://clinic.test/fhir',
    now: () => new Date(0),
    timeoutMs,
  });
  await adapter.close();
  expect(told(findings)).toEqual([
    'error unmapped-column people.name.middle',
    'warning duplicate-key people(person_id)',
    'information scan every search',
  ]);
});
