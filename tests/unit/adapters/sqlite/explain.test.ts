import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { openSqlite } from '#src/adapters/sqlite/adapter.js';
import type { Adapter, OrderTerm, Scan } from '#src/source/adapter.js';
import type { Comparand, ExpressionType } from '#src/source/expression.js';
import { and, type Selection, type Test, TRUE } from '#src/source/selection.js';
import { everyColumn, largeTable, people } from './large-table.js';

const call = () => ({ signal: new AbortController().signal, deadline: performance.now() + 60_000 });
const compare = (column: string, as: ExpressionType, value: Comparand, test: Test = 'eq'): Selection => ({
  op: 'compare',
  of: { column, as },
  test,
  value,
});
const by = (column: string, as: ExpressionType): OrderTerm => ({ of: { column, as }, direction: 'asc' });
const key = by('id', 'raw');

let table: ReturnType<typeof largeTable>;
let adapter: Adapter;

beforeAll(() => {
  table = largeTable(20_000);
  adapter = openSqlite({ name: 'his', location: table.location, timeoutMs: 10_000 });
});
afterAll(async () => {
  await adapter.close();
  table.remove();
});

const cases: readonly (readonly [
  title: string,
  where: Selection,
  order: readonly OrderTerm[],
  access: string,
  index?: string,
])[] = [
  ['a key', compare('id', 'raw', '00000000'), [key], 'key'],
  [
    'a family prefix, accents or not',
    { op: 'prefix', of: { column: 'family', as: 'fold' }, value: 'family12' },
    [key],
    'index',
    'family',
  ],
  [
    'a range of dates',
    and(compare('born', 'date', '1950', 'ge'), compare('born', 'date', '1950-02', 'lt')),
    [key],
    'index',
    'born',
  ],
  ['the order of a date', TRUE, [by('born', 'date'), key], 'index', 'born'],
  ['the order of the key', TRUE, [key], 'index', 'sqlite_autoindex_people_1'],
];

describe('explain', () => {
  test.each(cases)('%s', async (...[, where, order, access, index]) => {
    const scan: Scan = { relation: people, output: everyColumn, where, order, limit: 20 };
    // What helps a statement is found out by the first that would need it.
    for (let tries = 0; tries < 100; tries++) {
      for await (const batch of adapter.scan(scan, call())) expect(batch.rows.length).toBeLessThanOrEqual(20);
      const [first] = await adapter.explain(scan);
      if (first!.access === access && first!.index === index) break;
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
    const [query] = await adapter.explain(scan);
    expect(query).toMatchObject({ access, ...(index !== undefined && { index }) });
  });

  test('a text without index is a scan', async () => {
    const scan: Scan = {
      relation: people,
      output: everyColumn,
      where: compare('note', 'text', 'x'),
      order: [by('note', 'fold'), key],
      limit: 20,
    };
    expect((await adapter.explain(scan))[0]!.access).toBe('scan');
  });

  test('describe lists keys and indexes', async () => {
    expect(await adapter.describe(call())).toEqual([
      {
        name: 'people',
        columns: ['id', 'family', 'born', 'status', 'note'].map((name) => ({ name, type: 'TEXT', nullable: true })),
        uniqueKeys: [['id']],
        indexes: expect.arrayContaining([
          { name: 'born', columns: ['born'], unique: false },
          { name: 'family', columns: ['family'], unique: false },
        ]),
      },
    ]);
  });
});
