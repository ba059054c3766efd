import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { openMemory } from '#src/adapters/memory/adapter.js';
import type { Adapter, OrderTerm, Output, Scan } from '#src/source/adapter.js';
import type { TableRelation } from '#src/source/relation.js';
import type { Cell, Row } from '#src/source/row.js';
import { and, not, or, type Selection, TRUE } from '#src/source/selection.js';
import { MEMBERS, PLACE } from '#src/source/unwind.js';
import { ask, collect, column, patient, type Tables } from './ask.js';

export interface DocumentStore {
  readonly name: string;
  /** Materialises one collection `people` of these documents, in the order of `_id`. */
  readonly open: (documents: readonly Document[]) => Promise<{ adapter: Adapter; close: () => Promise<void> }>;
}

type Document = { readonly _id: number; readonly [name: string]: unknown };

const pick = <T>(list: readonly T[], n: number): T => list[n % list.length]!;

/** Arrays of every length and kind, what stands where an array is meant, and keys that repeat within documents and between them. */
const documents: readonly Document[] = Array.from({ length: 77 }, (_, n) => ({
  _id: n,
  pid: pick(['a', 'b', 'c', 'd', 'e', 'f', 'g', null], n * 3),
  results: pick<unknown>(
    [{ Hb: 13.5, WBC: 'high' }, "{'Hb': 13.50, 'note': None}", '{"Hb": 1, "Hb": "v1"}', 'Cough', null, 7, [1], {}],
    n,
  ),
  record: pick<unknown>(
    [
      { visits: [visit(n), visit(n + 1), visit(n + 2)] },
      { visits: [visit(n)] },
      { visits: [] },
      { visits: null },
      {},
      { visits: visit(n) },
      { visits: [null, visit(n), 'a word', [visit(n + 1)], visit(n)] },
      { visits: 7 },
      'no object',
      null,
      { visits: [visit(n + 3), visit(n + 4)] },
    ],
    n,
  ),
}));

function visit(n: number): object {
  return {
    ...(n % 5 !== 0 && { id: `v${n % 4}` }),
    day: pick(['2024-01-05', '2024-02', null, '', '2023-12-31'], n),
    reason: { text: pick(['Cough', ' cough ', null, 'Fever', 5], n) },
    tests: pick<unknown>([[{ name: 'Hb' }, { name: 'Glucose' }, { name: 'Hb' }], [], undefined, { name: 'MRI' }], n),
  };
}

const columns = {
  id: { name: 'id', path: ['_id'] },
  pid: { name: 'pid', path: ['pid'] },
  visit: { name: 'visit', path: ['record', 'visits', 'id'] },
  day: { name: 'day', path: ['record', 'visits', 'day'] },
  reason: { name: 'reason', path: ['record', 'visits', 'reason', 'text'] },
  whole: { name: 'whole', path: ['record', 'visits', 'tests'] },
  visitPlace: { name: 'visitPlace', path: ['record', 'visits', PLACE] },
} as const;
const visitsBy = (...key: readonly string[]): TableRelation => ({
  kind: 'table',
  name: 'people',
  key,
  columns,
  unwind: [['record', 'visits']],
});
const tests: TableRelation = {
  kind: 'table',
  name: 'people',
  key: ['id', 'visitPlace', 'testPlace'],
  columns: {
    ...columns,
    test: { name: 'test', path: ['record', 'visits', 'tests', 'name'] },
    testPlace: { name: 'testPlace', path: ['record', 'visits', 'tests', PLACE] },
  },
  unwind: [
    ['record', 'visits'],
    ['record', 'visits', 'tests'],
  ],
};
/** `visit` and `reason` are here the names and values of members, so that the same selections ask for them. */
const members: TableRelation = {
  kind: 'table',
  name: 'people',
  key: ['id', 'memberPlace'],
  columns: {
    ...columns,
    visit: { name: 'visit', path: ['results', MEMBERS, 'name'] },
    reason: { name: 'reason', path: ['results', MEMBERS, 'value'] },
    memberPlace: { name: 'memberPlace', path: ['results', MEMBERS, PLACE] },
  },
  unwind: [['results', MEMBERS]],
};
const people: TableRelation = { kind: 'table', name: 'people', key: ['id'], columns };
const relations = {
  'by document and place': visitsBy('id', 'visitPlace'),
  'by document and a field that repeats in it': visitsBy('id', 'visit'),
  'by fields that repeat in documents and between them': visitsBy('pid', 'visit'),
  'by a field of the element alone': visitsBy('visit'),
  'within an array': tests,
  'within an array, by what repeats': { ...tests, key: ['pid', 'test'] },
  'members of objects and of texts': members,
  'members of objects and of texts, by name': { ...members, key: ['id', 'visit'] },
} satisfies Record<string, TableRelation>;

/** By key; rows that have none by their place. */
const byKey = ({ key, columns: all }: TableRelation): OrderTerm[] =>
  [...new Set([...key, ...['id', 'visitPlace', 'testPlace', 'memberPlace'].filter((name) => name in all)])].map(
    (name) => ({
      of: { column: name, as: 'raw' },
      direction: 'asc',
    }),
  );
const output = (relation: TableRelation): Output[] => Object.keys(relation.columns).map(column);
const leaf = (name: string, value: string, test: 'eq' | 'ge' | 'lt' = 'eq'): Selection => ({
  op: 'compare',
  of: { column: name, as: 'text' },
  test,
  value,
});
const present = (name: string): Selection => ({ op: 'present', of: { column: name, as: 'text' } });
const place = (value: number): Selection => ({
  op: 'compare',
  of: { column: 'visitPlace', as: 'raw' },
  test: 'eq',
  value,
});

const selections: readonly Selection[] = [
  TRUE,
  leaf('visit', 'v1'),
  leaf('reason', 'cough'),
  { op: 'compare', of: { column: 'reason', as: 'fold' }, test: 'eq', value: 'cough' },
  { op: 'contains', of: { column: 'reason', as: 'fold' }, value: 'ev' },
  { op: 'compare', of: { column: 'reason', as: 'integer' }, test: 'eq', value: 5 },
  { op: 'compare', of: { column: 'day', as: 'date' }, test: 'ge', value: '2024-01' },
  present('day'),
  present('visit'),
  not(present('visit')),
  not(leaf('visit', 'v1')),
  place(1),
  not(place(0)),
  and(leaf('visit', 'v1'), leaf('reason', 'Fever')),
  and(leaf('pid', 'b'), present('reason')),
  or(leaf('pid', 'c'), leaf('visit', 'v2'), place(3)),
  { op: 'exists', relation: tests, on: { id: 'id', visitPlace: 'visitPlace' }, where: leaf('test', 'Hb') },
  not({ op: 'exists', relation: visitsBy('id', 'visitPlace'), on: { pid: 'pid' }, where: leaf('visit', 'v2') }),
];

/** Elements of arrays as rows (src/source/unwind.ts), compared with the memory adapter over the same documents. */
export function unwoundContract(store: DocumentStore): void {
  describe(`elements as rows: ${store.name}`, () => {
    const names = ['_id', 'pid', 'results', 'record'];
    const rows = documents.map((document) => names.map((name) => (document[name] ?? null) as Cell));
    const tables: Tables = { people: { columns: names, rows } };
    const reference = openMemory(tables);
    let adapter: Adapter;
    let close: () => Promise<void> = async () => {};
    beforeAll(async () => {
      ({ adapter, close } = await store.open(JSON.parse(JSON.stringify(documents)) as Document[]));
    });
    afterAll(() => close());

    const wanted = async (scan: Scan, where: Selection): Promise<Row[]> =>
      (await collect(reference.scan({ ...scan, where }, patient()))).rows;

    describe.each(Object.entries(relations))('%s', (_, relation) => {
      const scan: Scan = { relation, output: output(relation), where: TRUE, order: byKey(relation) };

      test('every selection selects its rows, and is counted', async () => {
        let selected = 0;
        for (const where of selections) {
          const expected = await wanted(scan, where);
          selected += expected.length;
          expect(await ask(adapter, scan, [where], tables)).toEqual(expected);
          expect(await adapter.count(relation, where, patient())).toBe(expected.length);
        }
        expect(selected).toBeGreaterThan(80);
      });

      test('pages of every order, from every place', async () => {
        const order = [{ of: { column: 'day', as: 'date' }, direction: 'desc' } as const, ...byKey(relation)];
        const all = await wanted({ ...scan, order }, TRUE);
        const placeAt = byKey(relation).map(({ of }) => Object.keys(relation.columns).indexOf(of.column));
        const dayAt = Object.keys(relation.columns).indexOf('day');
        for (const [i, row] of all.entries()) {
          if (i % 7 !== 0) continue;
          const key = placeAt.map((at) => row[at] as Exclude<Cell, object>);
          const day = /^\d{4}/.test(String(row[dayAt])) ? (row[dayAt] as string) : null;
          for (const page of [
            { order, after: { values: [day, ...key], inclusive: i % 2 === 0 }, limit: 5 },
            { order: byKey(relation), after: { values: key, inclusive: i % 2 === 1 }, limit: 3 },
            { order: byKey(relation), after: { values: key.slice(0, 1), inclusive: true }, limit: 4 },
          ])
            expect(await ask(adapter, { ...scan, ...page }, [], tables)).toEqual(
              await wanted({ ...scan, ...page }, TRUE),
            );
        }
      });

      test('a row is got by its key, and says whether it repeats', async () => {
        const { rows: all } = await collect(reference.scan({ ...scan, output: relation.key.map(column) }, patient()));
        const strange: Row[] = [relation.key.map(() => 'nowhere'), relation.key.map(() => null)];
        for (const key of [...all, ...strange])
          expect(await adapter.get(relation, scan.output, key, patient())).toEqual(
            normal(await reference.get(relation, scan.output, key, patient())),
          );
      });

      test('keys that repeat are named', async () => {
        const sorted = (keys: readonly Row[]) => keys.map((key) => JSON.stringify(key)).sort();
        const repeated = await reference.duplicateKeys(relation, 1000, patient());
        expect(sorted(await adapter.duplicateKeys(relation, 1000, patient()))).toEqual(sorted(repeated));
        const found = await collect(adapter.scan({ ...scan, order: [] }, patient()));
        const expected = await collect(reference.scan({ ...scan, order: [] }, patient()));
        expect(sorted(found.repeated)).toEqual(sorted(expected.repeated));
        expect(repeated.length > 0).toBe(!relation.key.some((name) => name.endsWith('Place')));
      });
    });

    test('rows of a column are those of the elements, in a distinct relation too', async () => {
      const relation = {
        kind: 'distinct',
        name: 'reasons',
        key: ['value'],
        columns: { value: { name: 'value', path: ['value'] } },
        of: [{ table: visitsBy('id', 'visitPlace'), column: 'reason' }],
      } as const;
      const order = [{ of: { column: 'value', as: 'raw' }, direction: 'asc' }] as const;
      const scan: Scan = { relation, output: [column('value')], where: TRUE, order };
      expect(await ask(adapter, scan, [], tables)).toEqual([['5'], ['Cough'], ['Fever'], ['cough']]);
      expect((await adapter.get(relation, scan.output, ['Fever'], patient())).rows).toEqual([['Fever']]);
    });

    test('elements are related rows of their document, in their order', async () => {
      const scan: Scan = {
        relation: people,
        output: [
          column('id'),
          { kind: 'exists', relation: relations['by document and place'], on: { id: 'id' } },
          {
            kind: 'rows',
            relation: relations['by document and place'],
            on: { id: 'id' },
            columns: ['visitPlace', 'visit'],
            order: byKey(relations['by document and place']),
          },
        ],
        where: TRUE,
        order: byKey(people),
      };
      const found = await ask(adapter, scan, [], tables);
      expect(found).toEqual(await wanted(scan, TRUE));
      expect(found[0]).toEqual([
        0,
        1,
        [
          [0, null],
          [1, 'v1'],
          [2, 'v2'],
        ],
      ]);
      expect(found[2]).toEqual([2, 0, []]);
    });
  });
}

/** An adapter may leave the list of duplicates out when it is empty. */
function normal({ rows, duplicates = [] }: Awaited<ReturnType<Adapter['get']>>): object {
  return duplicates.length === 0 ? { rows } : { rows, duplicates };
}
