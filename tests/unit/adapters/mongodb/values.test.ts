import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { type Document, ObjectId } from 'mongodb';
import { openMemory } from '#src/adapters/memory/adapter.js';
import type { Adapter, OrderTerm, Position, Scan } from '#src/source/adapter.js';
import { cellText } from '#src/source/evaluate.js';
import type { Comparand, ExpressionType } from '#src/source/expression.js';
import { orderValues } from '#src/source/order.js';
import type { TableRelation } from '#src/source/relation.js';
import type { Cell, Row } from '#src/source/row.js';
import { and, not, type Selection, TRUE } from '#src/source/selection.js';
import { collect } from '../../../contracts/ask.js';
import { expressionTypes } from '../../../contracts/cells.js';
import { serverUrl } from '../../../support/server-url.js';
import { collection, every, type Own, ownDatabase, patient } from './deployment.js';
import { rareValues, values } from './values.js';

const asc: OrderTerm = { of: { column: 'id', as: 'raw' }, direction: 'asc' };
let own: Own;

beforeAll(async () => {
  own = await ownDatabase(serverUrl('HEALTHSYNC_TEST_MONGODB_URL'));
});
afterAll(() => own.close());

/** The collection as the adapter hands it back, in memory. */
async function reference(
  relation: TableRelation,
): Promise<{ readonly adapter: Adapter; readonly rows: readonly Row[] }> {
  const output = every(relation);
  const { rows } = await collect(own.adapter.scan({ relation, output, where: TRUE, order: [] }, patient()));
  const columns = Object.values(relation.columns).map(({ path }) => path[0]!);
  return { adapter: openMemory({ [relation.name]: { columns, rows } }), rows };
}

const byKey = (rows: readonly Row[]) => [...rows].sort((a, b) => (String(a[0]) < String(b[0]) ? -1 : 1));

async function agrees(scan: Scan, memory: Adapter): Promise<void> {
  const ordered = scan.order.length > 0;
  const mine = (await collect(own.adapter.scan(scan, patient()))).rows;
  const meant = (await collect(memory.scan(scan, patient()))).rows;
  const { relation: _, ...asked } = scan;
  expect({ asked, rows: ordered ? mine : byKey(mine) }).toEqual({ asked, rows: ordered ? meant : byKey(meant) });
}

function leaves(cells: readonly Cell[], as: ExpressionType): readonly Selection[] {
  const of = { column: 'v', as };
  const comparands = [
    ...new Set<Comparand>(cells.flatMap((cell) => (typeof cell === 'object' ? [] : [cell, cellText(cell)]))),
  ];
  const others = Array.from({ length: 400 }, (_, n) => `other ${n}`);
  const found: Selection[] = [
    { op: 'present', of },
    not({ op: 'present', of }),
    { op: 'in', of, values: comparands },
    { op: 'in', of, values: [...comparands.slice(0, 9), ...others] },
    { op: 'in', of, values: comparands.slice(0, 5) },
  ];
  for (const value of comparands) {
    for (const test of ['eq', 'lt', 'le', 'gt', 'ge'] as const) found.push({ op: 'compare', of, test, value });
    if (typeof value !== 'string') continue;
    for (const piece of new Set([value, [...value].slice(0, 2).join(''), [...value].slice(1, 3).join('')]))
      found.push({ op: 'prefix', of, value: piece }, { op: 'contains', of, value: piece });
  }
  return found;
}

describe('values of every type of BSON are found as the memory adapter finds their cells', () => {
  const relations = {
    indexed: collection('indexed', { v: 'v' }),
    nested: collection('nested', { v: 'at.0' }),
  };

  beforeAll(async () => {
    const documents = values.map((v, n) => ({ _id: n as unknown as ObjectId, v }));
    await own.database.collection('indexed').insertMany(documents, { ignoreUndefined: true });
    await own.database.collection('indexed').createIndex({ v: 1 });
    // A step that is a number enters an array, or names a field.
    const deeper = [...values, ...rareValues].map((v, n) => ({
      _id: n as unknown as ObjectId,
      at: n % 2 === 0 ? [v, 'else'] : { 0: v },
    }));
    await own.database.collection('nested').insertMany(deeper, { ignoreUndefined: true });
  });

  for (const name of ['indexed', 'nested'] as const) {
    for (const as of expressionTypes) {
      test(`${as} of values, ${name}`, async () => {
        const relation = relations[name];
        const { rows } = await reference(relation);
        expect(rows.length).toBe(values.length + (name === 'nested' ? rareValues.length : 0));
        // In memory the cells are plain columns, wherever they lay.
        const memory = openMemory({ [name]: { columns: ['id', 'v'], rows } });
        const plain = { ...relation, columns: { id: { name: 'id', path: ['id'] }, v: { name: 'v', path: ['v'] } } };
        const asked = leaves(
          rows.map((row) => row[1]!),
          as,
        );
        expect(asked.length).toBeGreaterThan(100);
        for (const where of asked) {
          const scan = { relation, output: every(relation), where, order: [] };
          const mine = (await collect(own.adapter.scan(scan, patient()))).rows;
          const meant = (await collect(memory.scan({ ...scan, relation: plain }, patient()))).rows;
          expect({ where, rows: byKey(mine) }).toEqual({ where, rows: byKey(meant) });
        }
      }, 120_000);
    }
  }
});

describe('an index is followed only as far as its order is that of the rows', () => {
  const some = (made: (n: number) => unknown): Document[] =>
    Array.from({ length: 60 }, (_, n) => ({ _id: new ObjectId(), v: made((n * 7) % 60) }));
  const day = (n: number) => new Date(Date.UTC(1990, 0, 1 + Math.floor(n / 3), n % 3));
  const kinds: Readonly<Record<string, (n: number) => unknown>> = {
    dates: day,
    'dates, some missing': (n) => (n % 5 === 0 ? null : n % 7 === 0 ? [day(n)] : day(n)),
    'dates beyond the years of four digits': (n) => (n % 10 === 0 ? new Date(253_402_300_800_000 + n) : day(n)),
    'texts of dates': (n) => `19${90 + (n % 5)}-0${1 + (n % 9)}${n % 2 ? '-11' : ''}${n % 3 ? '' : ' '}`,
    'texts with space before them': (n) => (n === 7 ? ' 1990' : `19${90 + (n % 9)}`),
    'texts of dates, dates and numbers': (n) => [day(n), `1990-01-${10 + (n % 20)}`, 1990 + (n % 9)][n % 3],
    numbers: (n) => [n, n + 0.5, BigInt(n)][n % 3],
    'numbers that are none': (n) => (n === 11 ? Number.NaN : n === 12 ? Number.POSITIVE_INFINITY : n / 4),
    ids: (n) => new ObjectId(`${String(n).padStart(2, '0')}b5f0c2a1b2c3d4e5f60718`),
    'ids and texts of ids': (n) => {
      const text = `${String(n).padStart(2, '0')}b5f0c2a1b2c3d4e5f60718`;
      return n % 2 ? new ObjectId(text) : text;
    },
    anything: (n) => values[n % values.length],
  };

  for (const [index, [title, made]] of Object.entries(kinds).entries()) {
    test(title, async () => {
      const relation = collection(`kind${index}`, { v: 'v' });
      await own.database.collection(relation.name).insertMany(some(made), { ignoreUndefined: true });
      await own.database.collection(relation.name).createIndex({ v: 1 });
      const { adapter: memory, rows } = await reference(relation);
      const plain = (scan: Scan) => ({ ...scan, output: every(relation) });
      for (const as of ['raw', 'dateTime', 'instant', 'date', 'decimal', 'integer', 'text'] as const) {
        for (const direction of ['asc', 'desc'] as const) {
          const order: OrderTerm[] = [{ of: { column: 'v', as }, direction }, asc];
          const valuesOf = orderValues(order);
          const at = Object.keys(relation.columns);
          const base: Scan = plain({ relation, output: [], where: TRUE, order });
          await agrees(base, memory);
          for (const n of [0, 3, 17, 44, 59]) {
            const place = valuesOf((name) => rows[n]![at.indexOf(name)]!) as Position['values'];
            for (const length of [1, 2])
              for (const inclusive of [true, false])
                await agrees({ ...base, after: { values: place.slice(0, length), inclusive }, limit: 9 }, memory);
          }
          for (const one of [rows[5]!, rows[23]!]) {
            const cell = one[1]!;
            if (typeof cell === 'object') continue;
            const of = { column: 'v', as };
            for (const test of ['eq', 'lt', 'ge'] as const) {
              const leaf: Selection = { op: 'compare', of, test, value: as === 'raw' ? cell : cellText(cell) };
              for (const where of [leaf, not(leaf), and({ op: 'present', of }, leaf)]) {
                const count = await own.adapter.count(relation, where, patient());
                expect({ where, count }).toEqual({ where, count: await memory.count(relation, where, patient()) });
              }
            }
          }
          const where: Selection = {
            op: 'compare',
            of: { column: 'v', as: 'raw' },
            test: 'eq',
            value: rows[5]![1] as Comparand,
          };
          if (typeof rows[5]![1] !== 'object') await agrees({ ...base, where, limit: 2 }, memory);
        }
      }
    }, 60_000);
  }
});

test('documents are got by keys of every type, and by no key that only looks alike', async () => {
  const relation = collection('indexed', { v: 'v' }, ['v']);
  const { adapter: memory, rows } = await reference({ ...relation, key: [] });
  const keys = [...rows.map((row) => row[1]!), '64b5f0c2a1b2c3d4e5f60719', '6', 6, 'ab', 9007199254740992n, 2n ** 70n];
  for (const key of keys) {
    const mine = await own.adapter.get(relation, every(relation), [key], patient());
    const meant = await memory.get(relation, every(relation), [key], patient());
    expect({ key, mine: mine.rows, twice: mine.duplicates ?? [] }).toEqual({
      key,
      mine: meant.rows,
      twice: meant.duplicates ?? [],
    });
  }
});
