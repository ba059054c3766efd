import { randomBytes } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, describe, expect, test } from '@jest/globals';
import type { Observation, Patient } from '@medplum/fhirtypes';
import Database from 'better-sqlite3';
import { local } from '#src/access/caller.js';
import { restrict } from '#src/access/restrict.js';
import { openSqlite } from '#src/adapters/sqlite/adapter.js';
import { createEngine } from '#src/execution/create-engine.js';
import { map, reference, table } from '#src/mapping/index.js';
import { parse } from '#src/search/parse.js';

type KeyType = 'integer' | 'text';

/** Samples refer to people by their number: columns as the mapping describes them. */
function mappings(key: KeyType) {
  const people = table('people', { key: ['number'], columns: { number: key, family: 'text' } });
  const samples = table('samples', { key: ['sample'], columns: { sample: key, person: key, test: 'text' } });
  return [
    map<Patient>('Patient', {
      name: 'patient',
      id: people.id,
      to: { resourceType: 'Patient', name: [{ family: people.text('family') }] },
    }),
    map<Observation>('Observation', {
      name: 'observation',
      id: samples.id,
      to: {
        resourceType: 'Observation',
        status: 'final',
        code: samples.concept('test', { system: 'urn:test' }),
        subject: { reference: reference('Patient', people.id, { rows: samples, columns: ['person'] }) },
      },
    }),
  ];
}

const rows = `
  INSERT INTO people VALUES (1, 'Ng'), (2, 'Ngata'), (3, 'Oh');
  INSERT INTO samples VALUES (10, 1, 'GLU'), (11, 1, 'NA'), (12, 2, 'GLU'), (13, 3, 'K'), (14, 9, 'GLU'), (15, NULL, 'GLU');`;

const closing: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const close of closing.splice(0)) await close();
});

function laboratory(schema: string, key: KeyType, { pushdown = true } = {}) {
  const folder = mkdtempSync(join(tmpdir(), 'healthsync-chains-'));
  const location = join(folder, 'laboratory.db');
  const database = new Database(location);
  database.exec(schema + rows);
  database.close();
  const name = 'lab';
  const engine = createEngine({
    sources: [
      {
        name,
        adapter: openSqlite({ name, location, timeoutMs: 10_000 }),
        mappings: { folder, mappings: mappings(key), conceptMaps: new Map() },
        required: true,
        timeZone: 'UTC',
        timeoutMs: 10_000,
        limits: { concurrency: 4 },
      },
    ],
    baseUrl: 'http://h/fhir',
    limits: { rows: 10_000, deadlineMs: 10_000 },
    cursorKey: Buffer.alloc(32, 1),
    randomBytes,
    pushdown,
  });
  closing.push(async () => {
    await engine.close();
    rmSync(folder, { recursive: true });
  });
  const read = (query: string) => {
    const [type = '', search = ''] = query.split('?');
    const context = {
      baseUrl: 'http://h/fhir',
      now: new Date('2026-01-01'),
      maxCount: 1000,
      defaultCount: 100,
      handling: 'none',
      supported: (of: string) => engine.types.get(of)!.parameters,
    } as const;
    return restrict(parse(type, [...new URLSearchParams(search)], context).query, local);
  };
  return {
    async ids(query: string) {
      const options = { signal: new AbortController().signal, strict: true, now: new Date('2026-01-01') };
      return (await engine.search(read(query), options)).matches.map(({ id }) => id!.slice(name.length + 1));
    },
    async planned(query: string) {
      const { sources, chains } = await engine.explain(read(query));
      return { pushed: sources[0]!.pushed, open: sources[0]!.open, queries: sources[0]!.queries, chains };
    },
  };
}

const whole = `
  CREATE TABLE people (number INTEGER PRIMARY KEY, family TEXT);
  CREATE TABLE samples (sample INTEGER PRIMARY KEY, person INTEGER, test TEXT);
  CREATE INDEX samples_person ON samples (person);`;
const texts = whole.replaceAll('INTEGER', 'TEXT').replaceAll('PRIMARY KEY', 'NOT NULL PRIMARY KEY');
const repeated = whole.replaceAll(' PRIMARY KEY', '');
const untyped = whole.replace('number INTEGER PRIMARY KEY', 'number UNIQUE');
const odd = whole.replace('person INTEGER', 'person TEXT');

const forward = 'Observation?patient.family=ng';
const reverse = 'Patient?_has:Observation:patient:code=GLU';

describe.each([
  ['whole keys of one type', whole, 'integer'],
  ['texts as keys', texts, 'text'],
  ['keys that may be repeated', repeated, 'integer'],
  ['a column that may hold anything', untyped, 'integer'],
  ['numbers in one column, their texts in the other', odd, 'integer'],
] as const)('%s', (_, schema, key) => {
  test.each([{ pushdown: true }, { pushdown: false }])(
    'rule 33, 34: the answer is the same, pushdown $pushdown',
    async ({ pushdown }) => {
      const { ids } = laboratory(schema, key, { pushdown });
      expect(await ids(forward)).toEqual(['10', '11', '12']);
      expect(await ids(`${forward}&code=NA`)).toEqual(['11']);
      expect(await ids(reverse)).toEqual(['1', '2']);
      expect(await ids('Patient?_has:Observation:patient:code:not=GLU')).toEqual(['1', '3']);
    },
  );
});

describe('how the source follows a chain', () => {
  test('by EXISTS alone, where every key is whole and unique', async () => {
    const { planned } = laboratory(whole, 'integer');
    const from = await planned(reverse);
    expect(from).toMatchObject({ pushed: ['_has:Observation:patient:code=GLU'], open: [], chains: [] });
    expect(from.queries[0]!.text).toMatch(/EXISTS \(SELECT 1 FROM "samples"/);
    const to = await planned(forward);
    expect(to).toMatchObject({ pushed: ['patient.family=ng'], open: [], chains: [] });
    expect(to.queries[0]!.text).toMatch(/EXISTS \(SELECT 1 FROM "people"/);
  });

  test('by EXISTS, where only a key too long for an id is in doubt', async () => {
    const { planned } = laboratory(texts, 'text');
    expect(await planned(forward)).toMatchObject({ pushed: [], open: [{ by: 'source' }] });
    expect(await planned(reverse)).toMatchObject({ pushed: [], open: [{ by: 'source' }] });
  });

  test('by EXISTS and a probe, where a row may be one that is not served', async () => {
    const { planned } = laboratory(repeated, 'integer');
    expect(await planned(forward)).toMatchObject({ open: [{ by: 'probe' }], chains: [{ type: 'Patient' }] });
  });

  test.each([untyped, odd])('not, where equal ids may be unequal cells', async (schema) => {
    const { planned } = laboratory(schema, 'integer');
    expect(await planned(forward)).toMatchObject({ open: [{ by: 'ids' }], chains: [{ type: 'Patient' }] });
  });

  test('only the first row of a repeated key counts', async () => {
    const { ids } = laboratory(`${repeated} INSERT INTO people VALUES (3, 'Adams');`, 'integer');
    expect(await ids('Observation?patient.family=oh')).toEqual([]);
    expect(await ids('Observation?patient.family=adams')).toEqual(['13']);
  });

  test('a key too long for an id makes no resource to refer to', async () => {
    const long = 'x'.repeat(80);
    const { ids } = laboratory(
      `${texts} INSERT INTO people VALUES ('${long}', 'Ng'); INSERT INTO samples VALUES ('17', '${long}', 'K'), ('${long}', '3', 'GLU');`,
      'text',
    );
    expect(await ids(forward)).toEqual(['10', '11', '12']);
    expect(await ids(reverse)).toEqual(['1', '2']);
  });
});
