import { randomBytes } from 'node:crypto';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { type Collection, Decimal128, type Document, Double, Long, MongoClient, ObjectId } from 'mongodb';
import { openMongodb } from '#src/adapters/mongodb/adapter.js';
import { Deployment } from '#src/adapters/mongodb/driver.js';
import { Schema } from '#src/adapters/mongodb/schema.js';
import { MongodbWriting } from '#src/adapters/mongodb/writing.js';
import type { Adapter, Cells, Transaction } from '#src/source/adapter.js';
import type { Cell } from '#src/source/row.js';
import { serverUrl } from '../support/server-url.js';
import { patient } from './ask.js';
import { relationOf } from './unwound-relations.js';
import { outcome } from './write.contract.js';

const url = serverUrl('HEALTHSYNC_TEST_MONGODB_URL');
const { people, visits, medications, notes } = relationOf;

const p1 = () => ({
  _id: 'p1',
  pid: 'P1',
  contact: { phone: '1', beside: { kept: true } },
  record: {
    visits: [
      {
        id: 'v1',
        cost: Decimal128.fromString('1.50'),
        medications: [{ name: 'a', dose: new Double(1) }, { name: 'b' }],
        beside: 'x',
      },
      {
        id: 'v2',
        day: new Date('2024-05-01T00:00:00Z'),
        count: Long.fromNumber(3),
        medications: [{ name: 'c', unknown: ['x'] }],
      },
    ],
  },
  notes: ['one', 'two'],
});

let client: MongoClient;
let collection: Collection<Document>;
let location: string;
let adapter: Adapter;
let another: Adapter;

const source = () => ({ name: 'his', location, timeoutMs: 10_000 });

beforeEach(async () => {
  client = new MongoClient(url);
  const database = client.db(`elements_${randomBytes(6).toString('hex')}`);
  collection = database.collection<Document>('people');
  await collection.insertMany([
    p1(),
    { _id: 'p2', pid: 'P2', contact: null },
    { _id: 'p3', pid: 'P3', record: { visits: 'none' } },
  ] as never[]);
  location = `${url.replace(/\/$/, '')}/${database.databaseName}`;
  adapter = openMongodb(source());
  another = openMongodb(source());
});
afterEach(async () => {
  await adapter.close();
  await another.close();
  await collection.db.dropDatabase();
  await client.close();
});

const run = <T>(work: (transaction: Transaction) => Promise<T>, of = adapter) =>
  of.writing!.transaction(patient(), work);
const stored = async (id = 'p1') => (await collection.findOne({ _id: id } as never, { promoteValues: false }))!;
const update = (relation: typeof visits, key: readonly Cell[], before: Cells, cells: Cells) =>
  run((one) => one.update(relation, key, before, cells));

describe('a document of MongoDB', () => {
  test('only the leaf that changes is written, and what is beside it stays', async () => {
    expect(await update(people, ['P1'], { phone: '1' }, { phone: '2', street: 'Elm' })).toBe(true);
    const { contact, ...rest } = await stored();
    expect(contact).toEqual({ phone: '2', beside: { kept: true }, street: 'Elm' });
    const { contact: _, ...before } = p1();
    expect(JSON.stringify(rest)).toBe(JSON.stringify(before));
    expect(await update(people, ['P1'], { phone: '2' }, { phone: null })).toBe(true);
    expect((await stored()).contact).toEqual({ beside: { kept: true }, street: 'Elm' });
  });

  test('an embedded document that is not there, or null, is made', async () => {
    for (const id of ['P2', 'P3']) expect(await update(people, [id], {}, { phone: '3', street: 'Oak' })).toBe(true);
    expect((await stored('p2')).contact).toEqual({ phone: '3', street: 'Oak' });
    expect((await stored('p3')).contact).toEqual({ phone: '3', street: 'Oak' });
  });

  test('a new document has the types that the others have, and an ObjectId where they have one', async () => {
    const reports = {
      ...people,
      name: 'reports',
      key: ['_id'],
      columns: { ...people.columns, _id: { name: '_id', path: ['_id'] } },
    };
    await collection.db.collection('reports').insertOne({ pid: 'x', contact: { phone: 1 } });
    const key = await run((one) => one.insert(reports, { pid: 'new', phone: '2', street: 'Elm' }));
    const found = await collection.db.collection('reports').findOne({ _id: new ObjectId(String(key[0])) });
    expect(found).toMatchObject({ pid: 'new', contact: { phone: 2, street: 'Elm' } });
    const given = new ObjectId();
    expect(await run((one) => one.insert(reports, { _id: given.toHexString(), pid: 'given' }))).toEqual([
      given.toHexString(),
    ]);
    expect(await collection.db.collection('reports').findOne({ _id: given })).toMatchObject({ pid: 'given' });
  });
});

describe('an element of an array', () => {
  test('its own fields change, in their types, and nothing else', async () => {
    expect(await update(visits, ['P1', 'v2'], { count: 3 }, { count: 4, day: '2024-06-01', cost: '2.25' })).toBe(true);
    const expected = p1();
    Object.assign(expected.record.visits[1]!, {
      count: Long.fromNumber(4),
      day: new Date('2024-06-01T00:00:00Z'),
      cost: Decimal128.fromString('2.25'),
    });
    expect(JSON.stringify(await stored())).toBe(JSON.stringify(expected));
    expect(await update(medications, ['P1', 'v1', 0], { name: 'a' }, { dose: 2, name: 'A' })).toBe(true);
    expect((await stored()).record.visits[0].medications).toEqual([{ name: 'A', dose: new Double(2) }, { name: 'b' }]);
  });

  test('one that has moved is another: it is not changed, nor is that which took its place', async () => {
    const before = await run((one) => one.get(medications, [{ kind: 'column', column: 'name' }], ['P1', 'v2', 0]));
    expect(before).toEqual(['c']);
    await collection.updateOne({ _id: 'p1' } as never, {
      $push: { 'record.visits.1.medications': { $each: [{ name: 'first' }], $position: 0 } } as never,
    });
    expect(await update(medications, ['P1', 'v2', 0], { name: 'c' }, { name: 'C' })).toBe(false);
    expect((await stored()).record.visits[1].medications).toEqual([{ name: 'first' }, { name: 'c', unknown: ['x'] }]);
  });

  test('one that is put before it while it is changed, by another program, is a conflict', async () => {
    const put = { 'record.visits.1.medications': { $each: [{ name: 'first' }], $position: 0 } };
    const seen: unknown[] = [];
    const tried = run(async (one) => {
      seen.push((await one.get(medications, [{ kind: 'column', column: 'name' }], ['P1', 'v2', 0]))![0]);
      if (seen.length === 1) await collection.updateOne({ _id: 'p1' } as never, { $push: put as never });
      if (!(await one.update(medications, ['P1', 'v2', 0], { name: 'c' }, { name: 'C' }))) throw { code: 'conflict' };
    });
    expect(await outcome(tried)).toBe('conflict');
    // It was made anew, and saw what had come between.
    expect(seen).toEqual(['c', 'first']);
    expect((await stored()).record.visits[1].medications).toEqual([{ name: 'first' }, { name: 'c', unknown: ['x'] }]);
  });

  test('a new one comes last in the array of its document', async () => {
    expect(await run((one) => one.insert(medications, { pid: 'P1', visit: 'v1', name: 'new', dose: 3 }))).toEqual([
      'P1',
      'v1',
      2,
    ]);
    expect((await stored()).record.visits[0].medications[2]).toEqual({ name: 'new', dose: new Double(3) });
    expect(await run((one) => one.insert(visits, { pid: 'P2', visit: 'v1', count: 1 }))).toEqual(['P2', 'v1']);
    expect((await stored('p2')).record).toEqual({ visits: [{ id: 'v1', count: Long.fromNumber(1) }] });
    expect(await run((one) => one.insert(notes, { pid: 'P1', note: 'three' }))).toEqual(['P1', 2]);
    expect((await stored()).notes).toEqual(['one', 'two', 'three']);
  });

  test('a new one must have where to be, and be no other', async () => {
    const before = JSON.stringify(await stored());
    const tries: readonly (readonly [string, typeof visits, Cells])[] = [
      ['duplicate', visits, { pid: 'P1', visit: 'v1', count: 1 }],
      ['constraint', visits, { pid: 'P9', visit: 'v1' }],
      ['constraint', medications, { pid: 'P1', visit: 'v9', name: 'x' }],
      ['constraint', visits, { pid: 'P3', visit: 'v1' }],
      ['constraint', medications, { pid: 'P1', visit: 'v1', place: 7, name: 'x' }],
    ];
    for (const [code, relation, cells] of tries)
      expect([cells, await outcome(run((one) => one.insert(relation, cells)))]).toEqual([cells, code]);
    expect(JSON.stringify(await stored())).toBe(before);
  });

  test('one that has a key of its own is taken away; one that is known by its place is emptied', async () => {
    expect(adapter.writing!.can(visits, 'delete')).toBe(true);
    expect(await run((one) => one.delete(visits, ['P1', 'v1'], {}))).toBe(true);
    expect((await stored()).record.visits).toEqual([expect.objectContaining({ id: 'v2' })]);
    for (const relation of [medications, notes]) {
      expect(adapter.writing!.can(relation, 'delete')).toBe(false);
      expect(await outcome(run((one) => one.delete(relation, ['P1', 'v2', 0], {})))).toBe('read-only');
    }
    expect(await update(notes, ['P1', 0], { note: 'one' }, { note: null })).toBe(true);
    expect((await stored()).notes).toEqual([null, 'two']);
    expect(await run((one) => one.get(notes, [{ kind: 'column', column: 'note' }], ['P1', 1]))).toEqual(['two']);
  });
});

describe('two programs', () => {
  test('of those who count on the same, in one document, exactly one wins', async () => {
    for (let round = 0; round < 5; round++) {
      const held = (await run((one) => one.get(visits, [{ kind: 'column', column: 'count' }], ['P1', 'v2'])))![0]!;
      const put = (of: Adapter, count: number) =>
        run((one) => one.update(visits, ['P1', 'v2'], { count: held }, { count }), of).catch((error) => {
          expect(error.code).toBe('source-busy');
          return false;
        });
      const ends = await Promise.all([put(adapter, 100 + round), put(another, 200 + round), put(adapter, 300 + round)]);
      expect(ends.filter(Boolean)).toEqual([true]);
      expect(Number((await stored()).record.visits[1].count)).toBe((1 + ends.indexOf(true)) * 100 + round);
    }
  });
});

describe('a deployment without transactions', () => {
  let deployment: Deployment;
  let alone: Adapter;
  beforeEach(() => {
    deployment = new Deployment(source());
    const writing = new MongodbWriting(deployment, new Schema(deployment, source()), source(), async () => false);
    alone = Object.assign(Object.create(adapter) as Adapter, { writing });
  });
  afterEach(() => deployment.close());

  const several = async (one: Transaction) => {
    await one.update(people, ['P1'], { phone: '1' }, { phone: '2', street: 'Elm' });
    await one.update(medications, ['P1', 'v1', 0], {}, { name: 'A' });
    await one.insert(visits, { pid: 'P2', visit: 'v1' });
    await one.insert(people, { pid: 'P4', phone: '4' });
    await one.delete(visits, ['P1', 'v2'], {});
    await one.delete(people, ['P3'], {});
  };
  const everything = async () =>
    JSON.stringify(await collection.find({}, { promoteValues: false, sort: { pid: 1 } }).toArray());

  test('changes are kept, each by itself', async () => {
    await run(several, alone);
    expect((await collection.find().toArray()).map(({ pid }) => pid).sort()).toEqual(['P1', 'P2', 'P4']);
    expect((await stored()).record.visits).toEqual([expect.objectContaining({ id: 'v1' })]);
  });

  test('they are taken back when a later one fails', async () => {
    const before = await everything();
    const failing = run(async (one) => {
      await several(one);
      throw { code: 'mine' };
    }, alone);
    expect(await outcome(failing)).toBe('mine');
    expect(await everything()).toBe(before);
  });

  test('what another has changed meanwhile is not taken back, and that is said', async () => {
    const failing = run(async (one) => {
      await one.update(people, ['P1'], {}, { phone: '2' });
      await collection.updateOne({ _id: 'p1' } as never, { $set: { 'contact.phone': 'theirs' } });
      throw { code: 'mine' };
    }, alone);
    expect(await outcome(failing)).toBe('in-doubt');
    expect((await stored()).contact.phone).toBe('theirs');
  });

  test('of several who count on the same, exactly one wins', async () => {
    const put = (of: Adapter, phone: string) => run((one) => one.update(people, ['P1'], { phone: '1' }, { phone }), of);
    const ends = await Promise.all([put(alone, 'a'), put(alone, 'b'), put(alone, 'c')]);
    expect(ends.filter(Boolean)).toEqual([true]);
    expect((await stored()).contact.phone).toBe(['a', 'b', 'c'][ends.indexOf(true)]);
  });

  test('an element that moves while it is changed is not changed', async () => {
    const tried = run(async (one) => {
      await one.get(medications, [{ kind: 'column', column: 'name' }], ['P1', 'v2', 0]);
      await collection.updateOne({ _id: 'p1' } as never, {
        $push: { 'record.visits.1.medications': { $each: [{ name: 'first' }], $position: 0 } } as never,
      });
      return one.update(medications, ['P1', 'v2', 0], { name: 'c' }, { name: 'C' });
    }, alone);
    expect(await tried).toBe(false);
    expect((await stored()).record.visits[1].medications).toEqual([{ name: 'first' }, { name: 'c', unknown: ['x'] }]);
  });
});
