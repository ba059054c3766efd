import { expect } from '@jest/globals';
import type { OrderTerm, Position, Scan } from '#src/source/adapter.js';
import type { ExpressionType } from '#src/source/expression.js';
import { orderValues } from '#src/source/order.js';
import type { Row } from '#src/source/row.js';
import { not, type Selection, TRUE } from '#src/source/selection.js';
import { ask, collect, patient } from './ask.js';
import type { Case, Subject } from './source.contract.js';
import { columnsOf } from './store.js';

const term = (column: string, as: ExpressionType, direction: 'asc' | 'desc' = 'asc', absent?: string[]): OrderTerm => ({
  of: { column, as, ...(absent && { absent }) },
  direction,
});
const key = (direction: 'asc' | 'desc' = 'asc') => term('id', 'raw', direction);

export const orders: readonly (readonly [title: string, order: readonly OrderTerm[]])[] = [
  ['key', [key()]],
  ['key descending', [key('desc')]],
  ...(['asc', 'desc'] as const).flatMap((direction): [string, OrderTerm[]][] => [
    [`text ${direction}`, [term('name', 'text', direction), key()]],
    [`fold ${direction}`, [term('name', 'fold', direction, ['None']), key()]],
    [`date ${direction}`, [term('born', 'date', direction), key()]],
    [`dateTime ${direction}`, [term('born', 'dateTime', direction), key('desc')]],
    [`instant ${direction}`, [term('born', 'instant', direction), key('desc')]],
    [`decimal ${direction}`, [term('amount', 'decimal', direction), key()]],
    [`integer ${direction}`, [term('big', 'integer', direction), key()]],
    [`number ${direction}`, [term('score', 'decimal', direction), key()]],
    [`mixed as text ${direction}`, [term('mixed', 'text', direction), key()]],
    [`mixed raw ${direction}`, [term('mixed', 'raw', direction), key()]],
    [`boolean ${direction}`, [term('mixed', 'boolean', direction), key()]],
    [`raw text ${direction}`, [term('name', 'raw', direction), key('desc')]],
  ]),
  ['three terms', [term('big', 'integer', 'desc'), term('born', 'date'), key()]],
  ['two of one column', [term('born', 'date', 'desc'), term('born', 'dateTime'), key('desc')]],
];

const scanOf = (subject: Subject, order: readonly OrderTerm[], more: Partial<Scan> = {}): Scan => ({
  relation: subject.people,
  output: columnsOf(subject.stored.people),
  where: TRUE,
  order,
  ...more,
});

const values = (subject: Subject, order: readonly OrderTerm[], row: Row) => {
  const at = new Map(subject.stored.people.columns.map(({ name }, i) => [name, i]));
  return orderValues(order)((column) => row[at.get(column)!]!);
};

const expected = async (subject: Subject, scan: Scan) => (await collect(subject.reference.scan(scan, patient()))).rows;

const whole: readonly Case[] = orders.map(([title, order]) => [
  `order by ${title}`,
  async (subject) => {
    const scan = scanOf(subject, order);
    expect(await ask(subject.adapter, scan, [], subject.tables)).toEqual(await expected(subject, scan));
  },
]);

const paged: readonly Case[] = orders.map(([title, order]) => [
  `pages by ${title} lose and repeat nothing`,
  async (subject) => {
    const where: Selection = not({ op: 'prefix', of: { column: 'name', as: 'fold' }, value: 'smi' });
    const all = await expected(subject, scanOf(subject, order, { where }));
    const seen: Row[] = [];
    let after: Position | undefined;
    for (;;) {
      const scan = scanOf(subject, order, { limit: 7, ...(after && { after }) });
      const page = await ask(subject.adapter, scan, [where], subject.tables);
      seen.push(...page);
      if (page.length < 7) break;
      after = { values: values(subject, order, page.at(-1)!) as Position['values'], inclusive: false };
    }
    expect(seen).toEqual(all);
  },
]);

const positions: readonly Case[] = orders.map(([title, order]) => [
  `positions in ${title}: prefixes, inclusive or not`,
  async (subject) => {
    const all = await expected(subject, scanOf(subject, order));
    for (let i = 0; i < all.length; i += 17) {
      const place = values(subject, order, all[i]!);
      for (let length = 1; length <= place.length; length++) {
        for (const inclusive of [true, false]) {
          const after = { values: place.slice(0, length) as Position['values'], inclusive };
          const scan = scanOf(subject, order, { after, limit: 5 });
          const rows = await ask(subject.adapter, scan, [], subject.tables);
          expect({ after, rows }).toEqual({ after, rows: await expected(subject, scan) });
        }
      }
    }
  },
]);

const limits: Case = [
  'limits of none, one, all and more',
  async (subject) => {
    for (const limit of [0, 1, 1000, 100_000]) {
      const scan = scanOf(subject, [key()], { limit });
      expect(await ask(subject.adapter, scan, [], subject.tables)).toEqual(await expected(subject, scan));
    }
  },
];

export const orderCases: readonly Case[] = [...whole, ...paged, ...positions, limits];
