import { expect } from '@jest/globals';
import type { Output, Scan } from '#src/source/adapter.js';
import type { DistinctRelation, Relation, TableRelation } from '#src/source/relation.js';
import type { Row } from '#src/source/row.js';
import { and, not, or, type Selection, TRUE } from '#src/source/selection.js';
import { ask, collect, column, patient } from './ask.js';
import type { Case, Subject } from './source.contract.js';
import { columnsOf } from './store.js';

const finished: Selection = { op: 'compare', of: { column: 'status', as: 'text' }, test: 'eq', value: 'finished' };
const exists = (
  subject: Subject,
  where: Selection = TRUE,
  on: Record<string, string> = { person: 'id' },
): Selection => ({
  op: 'exists',
  relation: subject.visits,
  on,
  where,
});
const byId = { order: [{ of: { column: 'id', as: 'raw' }, direction: 'asc' }] } as const;

async function agrees(subject: Subject, scan: Scan, conjuncts: readonly Selection[]): Promise<Row[]> {
  const rows = await ask(subject.adapter, scan, conjuncts, subject.tables);
  const wanted = await collect(subject.reference.scan({ ...scan, where: and(...conjuncts) }, patient()));
  expect(rows).toEqual(wanted.rows);
  return rows;
}

const peopleScan = (subject: Subject, more: readonly Output[] = []): Scan => ({
  relation: subject.people,
  output: [...columnsOf(subject.stored.people), ...more],
  where: TRUE,
  ...byId,
});

const existing: readonly Case[] = (
  [
    ['exists', (subject) => exists(subject)],
    ['not exists', (subject) => not(exists(subject))],
    ['exists where', (subject) => exists(subject, finished)],
    [
      'exists or a leaf',
      (subject) => or(exists(subject, not(finished)), { op: 'present', of: { column: 'born', as: 'date' } }),
    ],
    ['not of exists where not', (subject) => not(exists(subject, not(finished)))],
    ['exists on two columns', (subject) => exists(subject, TRUE, { person: 'id', big: 'big' })],
    ['exists on a typeless column', (subject) => exists(subject, TRUE, { code: 'mixed' })],
    ['exists from a text to a typeless column', (subject) => exists(subject, TRUE, { code: 'packed' })],
    [
      'exists within exists',
      (subject) =>
        exists(subject, {
          op: 'exists',
          relation: subject.people,
          on: { id: 'person' },
          where: { op: 'present', of: { column: 'amount', as: 'decimal' } },
        }),
    ],
  ] satisfies (readonly [string, (subject: Subject) => Selection])[]
).map(([title, where]) => [
  title,
  async (subject) => void (await agrees(subject, peopleScan(subject), [where(subject)])),
]);

const outputs: Case = [
  'related rows and whether one exists, as outputs',
  async (subject) => {
    const on = { person: 'id' };
    const rows = await agrees(
      subject,
      peopleScan(subject, [
        { kind: 'exists', relation: subject.visits, on },
        {
          kind: 'rows',
          relation: subject.visits,
          on,
          columns: ['id', 'status', 'big', 'code'],
          order: [
            { of: { column: 'day', as: 'date' }, direction: 'desc' },
            { of: { column: 'id', as: 'raw' }, direction: 'asc' },
          ],
        },
        { kind: 'rows', relation: subject.visits, on: { code: 'mixed' }, columns: ['id'], order: byId.order },
      ]),
      [],
    );
    const width = subject.stored.people.columns.length;
    expect(rows.some((row) => (row[width + 1] as readonly unknown[]).length > 1)).toBe(true);
    expect(rows.some((row) => (row[width + 1] as readonly unknown[]).length === 0)).toBe(true);
  },
];

const distinctOf = (...of: readonly (readonly [TableRelation, string])[]): DistinctRelation => ({
  kind: 'distinct',
  name: 'values',
  key: ['value'],
  columns: { value: { name: 'value', path: ['value'] } },
  of: of.map(([table, name]) => ({ table, column: name })),
});
const byValue = (direction: 'asc' | 'desc') => [{ of: { column: 'value', as: 'raw' }, direction }] as const;

const distinct: Case = [
  'distinct values of columns: selected, ordered, paged, counted, got',
  async (subject) => {
    const relation = distinctOf([subject.people, 'name'], [subject.visits, 'status'], [subject.people, 'mixed']);
    const scan = { relation, output: [column('value')], where: TRUE, order: byValue('asc') };
    const all = await agrees(subject, scan, []);
    expect(all.length).toBeGreaterThan(50);
    await agrees(subject, { ...scan, order: byValue('desc'), limit: 9 }, [
      { op: 'prefix', of: { column: 'value', as: 'fold' }, value: 's' },
    ]);
    await agrees(subject, { ...scan, after: { values: [all[20]![0] as string], inclusive: true }, limit: 5 }, []);
    await agrees(subject, scan, [{ op: 'exists', relation: subject.visits, on: { status: 'value' }, where: TRUE }]);
    if (subject.adapter.capabilities.count)
      expect(await subject.adapter.count(relation, TRUE, patient())).toBe(all.length);
    for (const value of ['finished', 'FINISHED', ' finished ', "'; DROP TABLE people; --", 'nowhere']) {
      const got = await subject.adapter.get(relation, [column('value')], [value], patient());
      expect(got.rows).toEqual((await subject.reference.get(relation, [column('value')], [value], patient())).rows);
    }
  },
];

const ofValues: Case = [
  'related rows of distinct values, and whether one exists',
  async (subject) => {
    const relation = distinctOf([subject.visits, 'person'], [subject.people, 'name']);
    const related = { kind: 'rows', relation: subject.visits, columns: ['id', 'big'], order: byId.order } as const;
    const output: readonly Output[] = [
      column('value'),
      { kind: 'exists', relation: subject.people, on: { id: 'value' } },
      { ...related, on: { person: 'value' } },
    ];
    const rows = await agrees(subject, { relation, output, where: TRUE, order: byValue('asc') }, []);
    expect(new Set(rows.map((row) => row[1]))).toEqual(new Set([0, 1]));
    expect(rows.some((row) => (row[2] as readonly unknown[]).length > 0)).toBe(true);
    for (const value of ['p1', 'nobody']) {
      const got = await subject.adapter.get(relation, output, [value], patient());
      expect(got.rows).toEqual((await subject.reference.get(relation, output, [value], patient())).rows);
    }
  },
];

const constant: Case = [
  'the constant relation is one row',
  async (subject) => {
    const relation: Relation = { kind: 'constant', name: 'hospital', key: [], columns: {} };
    const scan: Scan = { relation, output: [], where: TRUE, order: [] };
    expect(await ask(subject.adapter, scan, [], subject.tables)).toEqual([[]]);
    expect(
      (await collect(subject.adapter.scan(subject.adapter.narrow(scan, [{ op: 'false' }]).scan, patient()))).rows,
    ).toEqual([]);
    expect((await subject.adapter.get(relation, [], [], patient())).rows).toEqual([[]]);
    if (subject.adapter.capabilities.count) expect(await subject.adapter.count(relation, TRUE, patient())).toBe(1);
  },
];

const got: Case = [
  'get finds the row of a key, and only of that key',
  async (subject) => {
    const output = columnsOf(subject.stored.people);
    const rows = subject.tables.people!.rows;
    const ids = (await collect(subject.reference.scan(peopleScan(subject), patient()))).rows.map((row) => row[0]!);
    expect(ids.length).toBe(rows.length);
    for (const id of [
      ...ids.slice(0, 20),
      ids[0] === null ? '' : String(ids[0]).toLowerCase(),
      ' ',
      '',
      null,
      "' OR ''='",
      '%',
      'p%',
      `${String(ids[0])} `,
    ]) {
      const found = await subject.adapter.get(subject.people, output, [id], patient());
      expect({ id, rows: found.rows }).toEqual({
        id,
        rows: (await subject.reference.get(subject.people, output, [id], patient())).rows,
      });
    }
  },
];

export const relationCases: readonly Case[] = [...existing, outputs, distinct, ofValues, constant, got];
