import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import type { ObjectId } from 'mongodb';
import type { Scan } from '#src/source/adapter.js';
import { and, not, or, type Selection, TRUE } from '#src/source/selection.js';
import { collect } from '../../../contracts/ask.js';
import { serverUrl } from '../../../support/server-url.js';
import { collection, every, type Own, ownDatabase, patient } from './deployment.js';

const people = collection('people', {
  family: 'name.family',
  given: 'name.given',
  born: 'born',
  city: 'city',
  sex: 'sex',
});
const visits = collection('visits', { patient: 'patient', at: 'at', status: 'status' });
const count = 3_000;
const key = [{ of: { column: 'id', as: 'raw' }, direction: 'asc' }] as const;
let own: Own;

beforeAll(async () => {
  own = await ownDatabase(serverUrl('HEALTHSYNC_TEST_MONGODB_URL'));
  const { database } = own;
  await database.collection('people').insertMany(
    Array.from({ length: count }, (_, n) => ({
      _id: `p${String(n).padStart(5, '0')}` as unknown as ObjectId,
      name: { family: `${['Smith', 'Nguyễn', 'śmiałek', 'Okafor'][n % 4]}${n}`, given: 'A' },
      born: new Date(Date.UTC(1950, 0, 1) + n * 86_400_000),
      city: `City ${n % 50}`,
      sex: n % 2 ? 'M' : 'F',
    })),
  );
  await database.collection('visits').insertMany(
    Array.from({ length: count }, (_, n) => ({
      patient: `p${String((n * 7) % count).padStart(5, '0')}`,
      at: new Date(Date.UTC(2020, 0, 1) + n * 3_600_000),
      status: n % 3 ? 'finished' : 'planned',
    })),
  );
  await database.collection('people').createIndexes([
    { key: { 'name.family': 1 }, name: 'by_family' },
    { key: { born: 1 }, name: 'by_birth' },
    { key: { city: 1 }, name: 'by_city' },
    { key: { sex: 1 }, name: 'partly', partialFilterExpression: { sex: 'M' } },
  ]);
  await database.collection('visits').createIndex({ patient: 1 }, { name: 'by_patient' });
});
afterAll(() => own.close());

const scanOf = (relation: typeof people, where: Selection, more: Partial<Scan> = {}): Scan => ({
  relation,
  output: every(relation),
  where,
  order: key,
  limit: 20,
  ...more,
});
const eq = (column: string, value: string, as: 'text' | 'raw' = 'text'): Selection => ({
  op: 'compare',
  of: { column, as },
  test: 'eq',
  value,
});

describe('an index is used wherever there is one', () => {
  const born = { of: { column: 'born', as: 'dateTime' }, direction: 'desc' } as const;
  const searches: readonly (readonly [title: string, scan: Scan, access: string, index: string | undefined])[] = [
    ['a key', scanOf(people, eq('id', 'p00500', 'raw')), 'key', '_id_'],
    [
      'keys',
      scanOf(people, { op: 'in', of: { column: 'id', as: 'raw' }, values: ['p00500', 'p00501'] }),
      'key',
      '_id_',
    ],
    ['a text', scanOf(people, eq('family', 'Smith500')), 'index', 'by_family'],
    [
      'texts',
      scanOf(people, { op: 'in', of: { column: 'family', as: 'text' }, values: ['Smith500', 'Okafor7'] }),
      'index',
      'by_family',
    ],
    [
      'the beginning of a folded text',
      scanOf(people, { op: 'prefix', of: { column: 'family', as: 'fold' }, value: 'smith5' }),
      'index',
      'by_family',
    ],
    [
      'a span of time',
      scanOf(people, { op: 'compare', of: { column: 'born', as: 'dateTime' }, test: 'lt', value: '1950-02' }),
      'index',
      'by_birth',
    ],
    ['one of two', scanOf(people, or(eq('family', 'Smith500'), eq('city', 'City 7'))), 'index', undefined],
    ['both of two', scanOf(people, and(eq('sex', 'M'), eq('family', 'Smith501'))), 'index', 'by_family'],
    ['visits of a patient', scanOf(visits, eq('patient', 'p00500', 'raw')), 'index', 'by_patient'],
    ['the order of the key', scanOf(people, TRUE), 'index', '_id_'],
    ['an order by time', scanOf(people, TRUE, { order: [born, ...key] }), 'index', 'by_birth'],
    ['what no index holds', scanOf(people, eq('given', 'A'), { order: [], limit: undefined }), 'scan', undefined],
  ];
  for (const [title, scan, access, index] of searches) {
    test(title, async () => {
      const [query, ...more] = await own.adapter.explain(scan);
      expect(more).toEqual([]);
      expect(query!.access).toBe(access);
      if (index !== undefined) expect(query!.index).toBe(index);
      expect(query!.text).not.toMatch(/Smith5|p00500|1950/);
    });
  }
});

describe('rows are those that were asked for', () => {
  const ids = async (scan: Scan) => (await collect(own.adapter.scan(scan, patient()))).rows.map(([id]) => id);

  test('pages of a search, by an order that an index has and by one that none has', async () => {
    for (const of of [
      { column: 'born', as: 'dateTime' },
      { column: 'family', as: 'fold' },
    ] as const) {
      const where = and(eq('city', 'City 7'), not(eq('sex', 'F')));
      const order = [{ of, direction: 'desc' }, ...key] as const;
      const whole = await ids(scanOf(people, where, { order, limit: undefined }));
      expect(whole.length).toBe(60);
      const seen: unknown[] = [];
      let after: Scan['after'];
      for (;;) {
        const found = (
          await collect(
            own.adapter.scan(scanOf(people, where, { order, limit: 7, ...(after && { after }) }), patient()),
          )
        ).rows;
        seen.push(...found.map(([id]) => id));
        if (found.length < 7) break;
        const at = Object.keys(people.columns);
        const last = found.at(-1)!;
        const value = String(last[at.indexOf(of.column)]);
        after = {
          values: [
            of.as === 'fold' ? value.normalize('NFD').replace(/\p{M}/gu, '').toLowerCase() : value,
            String(last[0]),
          ],
          inclusive: false,
        };
      }
      expect(seen).toEqual(whole);
    }
  });

  test('related rows lead where they are few', async () => {
    const where: Selection = { op: 'exists', relation: people, on: { id: 'patient' }, where: eq('family', 'Smith500') };
    expect((await own.adapter.explain(scanOf(visits, where)))[0]).toMatchObject({
      access: 'index',
      index: 'by_patient',
    });
    const found = (await collect(own.adapter.scan(scanOf(visits, where), patient()))).rows;
    expect(found.map((row) => row[1])).toEqual(['p00500']);
  });

  test('what looks like an operator, a path or a pattern is data', async () => {
    const texts = ['$where', '{"$gt":""}', '$name.family', '.*', '^', 'a|', '\\', '$$ROOT', '[', '(', '\\x00', '*'];
    for (const value of texts) {
      for (const as of ['text', 'raw', 'fold'] as const) {
        const of = { column: 'family', as };
        for (const where of [
          { op: 'compare', of, test: 'eq', value },
          { op: 'prefix', of, value },
          { op: 'contains', of, value },
          { op: 'in', of, values: [value] },
        ] satisfies Selection[]) {
          expect(await ids(scanOf(people, where))).toEqual([]);
          expect(await own.adapter.count(people, where, patient())).toBe(0);
        }
      }
      expect((await own.adapter.get(people, every(people), [value], patient())).rows).toEqual([]);
    }
    const odd = { $gt: '' } as unknown as string;
    expect((await own.adapter.get(people, every(people), [odd], patient())).rows).toEqual([]);
  });

  test('a collection with a collation of its own is compared by code points', async () => {
    const collated = await own.database.createCollection('collated', { collation: { locale: 'en', strength: 1 } });
    const texts = ['abc', 'ABC', 'ábc', 'b', 'B', 'a'];
    await collated.insertMany(texts.map((v, n) => ({ _id: n as unknown as ObjectId, v })));
    await collated.createIndex({ v: 1 });
    const relation = collection('collated', { v: 'v' });
    for (const as of ['raw', 'text'] as const) {
      const found = await collect(own.adapter.scan(scanOf(relation, eq('v', 'abc', as)), patient()));
      expect(found.rows).toEqual([[0, 'abc']]);
      const order = [{ of: { column: 'v', as }, direction: 'asc' }, ...key] as const;
      const { rows } = await collect(own.adapter.scan(scanOf(relation, TRUE, { order }), patient()));
      expect(rows.map((row) => row[1])).toEqual(['ABC', 'B', 'a', 'abc', 'b', 'ábc']);
    }
  });

  test('what the database can count is counted there', async () => {
    const named = and({ op: 'present', of: { column: 'id', as: 'raw' } }, not(eq('id', '', 'raw')));
    const since: Selection = { op: 'compare', of: { column: 'born', as: 'dateTime' }, test: 'ge', value: '1955' };
    for (const [where, wanted] of [
      [named, count],
      [and(eq('city', 'City 7'), named), count / 50],
      [and(not(eq('city', 'City 7')), named), count - count / 50],
      [and(since, named), count - 1_826],
      [and(eq('given', 'A'), named), count],
    ] as const)
      expect({ where, count: await own.adapter.count(people, where, patient()) }).toEqual({ where, count: wanted });
  });

  test('distinct values, of a column and within documents', async () => {
    const relation = {
      kind: 'distinct',
      name: 'cities',
      key: ['value'],
      columns: { value: { name: 'value', path: ['value'] } },
      of: [
        { table: people, column: 'city' },
        { table: people, column: 'given' },
      ],
    } as const;
    const output = [{ kind: 'column', column: 'value' }] as const;
    const order = [{ of: { column: 'value', as: 'raw' }, direction: 'asc' }] as const;
    const { rows } = await collect(own.adapter.scan({ relation, output, where: TRUE, order }, patient()));
    expect(rows.length).toBe(51);
    expect(rows[0]).toEqual(['A']);
    expect((await own.adapter.get(relation, output, ['City 7'], patient())).rows).toEqual([['City 7']]);
    expect((await own.adapter.get(relation, output, ['City'], patient())).rows).toEqual([]);
  });

  test('a view is read as a collection is', async () => {
    await own.database.createCollection('men', { viewOn: 'people', pipeline: [{ $match: { sex: 'M' } }] });
    const men = { ...people, name: 'men' };
    expect(await own.adapter.count(men, TRUE, patient())).toBe(count / 2);
    expect((await collect(own.adapter.scan(scanOf(men, eq('family', 'Okafor7')), patient()))).rows.length).toBe(1);
  });
});

test('describe tells fields, types, unique keys and indexes', async () => {
  const tables = await own.adapter.describe(patient());
  const table = tables.find(({ name }) => name === 'people')!;
  expect(table.columns).toEqual([
    { name: '_id', type: 'text', nullable: false },
    { name: 'name', type: 'json', nullable: false },
    { name: 'born', type: 'datetime', nullable: false },
    { name: 'city', type: 'text', nullable: false },
    { name: 'sex', type: 'text', nullable: false },
  ]);
  expect(table.uniqueKeys).toEqual([['_id']]);
  expect(table.indexes).toEqual(
    expect.arrayContaining([
      { name: '_id_', columns: ['_id'], unique: true },
      { name: 'by_family', columns: ['name.family'], unique: false },
    ]),
  );
  // An index that leaves documents out finds only some.
  expect(table.indexes.map(({ name }) => name)).not.toContain('partly');
});

test('a large result comes in small batches', async () => {
  const filler = 'x'.repeat(200);
  const many = own.database.collection('many');
  for (let from = 0; from < 60_000; from += 10_000)
    await many.insertMany(
      Array.from({ length: 10_000 }, (_, n) => ({ _id: (from + n) as unknown as ObjectId, v: filler + n })),
    );
  const relation = collection('many', { v: 'v' });
  let rows = 0;
  let largest = 0;
  const read = async () => {
    for await (const batch of own.adapter.scan(
      { relation, output: every(relation), where: TRUE, order: [] },
      patient(),
    )) {
      rows += batch.rows.length;
      largest = Math.max(largest, batch.rows.length);
    }
  };
  await read();
  expect(rows).toBe(60_000);
  expect(largest).toBeLessThanOrEqual(1_000);
}, 60_000);
