import { expect } from '@jest/globals';
import fc from 'fast-check';
import { openMemory } from '#src/adapters/memory/adapter.js';
import type { OrderTerm, Position, Scan } from '#src/source/adapter.js';
import { evaluator } from '#src/source/evaluate.js';
import type { Comparand, Expression } from '#src/source/expression.js';
import { orderValues } from '#src/source/order.js';
import type { Cell, Row } from '#src/source/row.js';
import { and, type Selection } from '#src/source/selection.js';
import { ask, collect, patient } from './ask.js';
import { anything, dates, decimals, expressionTypes, integers, packed, texts } from './cells.js';
import { handedBack } from './handed-back.js';
import type { Case } from './source.contract.js';
import { columnsOf, fitted, relationOf, type StoredTable } from './store.js';

const zoo = { name: texts, born: dates, amount: decimals, big: integers, mixed: anything, packed } as const;
const names = Object.keys(zoo) as (keyof typeof zoo)[];

const spaced = fc.constantFrom('', '', '', ' ', '\t', '\u00a0', '\u3000');
const freeText = fc.tuple(spaced, fc.string({ unit: 'grapheme', maxLength: 6 }), spaced).map((parts) => parts.join(''));
const cellOf = (name: keyof typeof zoo): fc.Arbitrary<Cell> =>
  name === 'big'
    ? fc.oneof(fc.constantFrom(...integers), fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n }).map(safe))
    : fc.oneof({ weight: 4, arbitrary: fc.constantFrom(...zoo[name]) }, { weight: 1, arbitrary: freeText });
const safe = (value: bigint): Cell => (value >= -(2n ** 53n) && value <= 2n ** 53n ? Number(value) : value);

const expression: fc.Arbitrary<Expression> = fc.record(
  {
    column: fc.constantFrom(...names),
    as: fc.constantFrom(...expressionTypes),
    absent: fc.subarray(['N/A', 'None', '0', '1990', 'abc', '5']),
    part: fc.record({
      separator: fc.constantFrom(',', ' ', '-'),
      count: fc.constantFrom(2, 3),
      index: fc.constantFrom(0, 1),
    }),
  },
  { requiredKeys: ['column', 'as'] },
);

/** A value that some cell may well have: evaluated from a cell of the column, or cut from it. */
const valueFor = (of: Expression): fc.Arbitrary<Comparand> =>
  cellOf(of.column as keyof typeof zoo).map((cell) => evaluator(of)(cell) ?? evaluator({ ...of, absent: [] })(cell));

const leaf: fc.Arbitrary<Selection> = expression.chain(
  (of): fc.Arbitrary<Selection> =>
    fc.oneof(
      fc.constant<Selection>({ op: 'present', of }),
      fc.record({
        op: fc.constant('compare' as const),
        of: fc.constant(of),
        test: fc.constantFrom('eq', 'lt', 'le', 'gt', 'ge'),
        value: valueFor(of),
      }),
      fc.record({
        op: fc.constant('in' as const),
        of: fc.constant(of),
        values: fc.array(valueFor(of), { maxLength: 4 }),
      }),
      fc.record({
        op: fc.constantFrom('prefix', 'contains'),
        of: fc.constant(of),
        value: fc
          .tuple(valueFor(of), fc.nat(4))
          .map(([value, length]) => (typeof value === 'string' ? [...value].slice(0, length + 1).join('') : 'a')),
      }),
    ),
);

const selection: fc.Arbitrary<Selection> = fc.letrec<{ tree: Selection }>((tie) => ({
  tree: fc.oneof(
    { maxDepth: 3, withCrossShrink: true },
    leaf,
    fc.record({ op: fc.constantFrom('and', 'or'), of: fc.array(tie('tree'), { maxLength: 3 }) }),
    fc.record({ op: fc.constant('not' as const), of: tie('tree') }),
  ),
})).tree;

const order: fc.Arbitrary<OrderTerm[]> = fc
  .array(fc.record({ of: expression, direction: fc.constantFrom('asc' as const, 'desc' as const) }), { maxLength: 2 })
  .chain((terms) =>
    fc
      .constantFrom<'asc' | 'desc'>('asc', 'desc')
      .map((direction) => [...terms, { of: { column: 'id', as: 'raw' as const }, direction }]),
  );

const rows: fc.Arbitrary<Row[]> = fc
  .array(fc.tuple(...names.map(cellOf)), { minLength: 1, maxLength: 25 })
  .map((cells) => cells.map((row, n) => [`${'zAbY'[n % 4]}${(n * 7) % 10}${n}`, n, ...row]));

const tableOf = (content: readonly Row[], indexes: readonly (readonly string[])[]): StoredTable => ({
  name: 'random',
  columns: [
    { name: 'id', type: 'text' },
    { name: 'n', type: 'integer' },
    ...names.map((name) => ({ name, type: name === 'big' ? 'integer' : name === 'mixed' ? 'any' : 'text' }) as const),
  ],
  rows: content,
  unique: ['id'],
  indexes,
});

const questions = 12;
const tablesTried = Number(process.env.CONTRACT_RUNS ?? 30);

export const propertyCases: readonly Case[] = [
  [
    'random tables, selections and orders: the same rows as the reference',
    async (subject) => {
      const asked = fc.record({
        where: selection,
        order,
        limit: fc.option(fc.nat(8), { nil: undefined }),
        from: fc.nat(30),
        length: fc.nat(3),
        inclusive: fc.boolean(),
      });
      const indexes = fc.subarray(names.map((name) => [name]));
      await fc.assert(
        fc.asyncProperty(
          rows,
          indexes,
          fc.array(asked, { minLength: questions, maxLength: questions }),
          async (content, indexed, all) => {
            const stored = fitted(subject.store, tableOf(content, indexed));
            const { adapter, close } = await subject.store.open([stored]);
            try {
              const tables = await handedBack(subject.store, adapter, [stored]);
              const reference = openMemory(tables);
              const relation = relationOf(subject.store, stored);
              const at = new Map(stored.columns.map(({ name }, i) => [name, i]));
              for (const one of all) {
                const base: Scan = { relation, output: columnsOf(stored), where: one.where, order: one.order };
                const every = (await collect(reference.scan(base, patient()))).rows;
                const row = every[one.from % Math.max(1, every.length)];
                const place = row && orderValues(one.order)((name) => row[at.get(name)!]!).slice(0, one.length);
                const after =
                  place && place.length > 0
                    ? { values: place as Position['values'], inclusive: one.inclusive }
                    : undefined;
                const scan: Scan = {
                  ...base,
                  ...(after && { after }),
                  ...(one.limit !== undefined && { limit: one.limit }),
                };
                const wanted = (await collect(reference.scan(scan, patient()))).rows;
                const conjuncts = one.where.op === 'and' ? one.where.of : [one.where];
                const found = await ask(adapter, { ...scan, where: and() }, conjuncts, tables);
                expect({ scan, rows: found }).toEqual({ scan, rows: wanted });
                if (adapter.capabilities.count && adapter.capabilities.exact(one.where)) {
                  expect(await adapter.count(relation, one.where, patient())).toBe(every.length);
                }
              }
            } finally {
              await close();
            }
          },
        ),
        { numRuns: tablesTried, seed: 4711 },
      );
    },
  ],
];
