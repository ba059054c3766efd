import { expect, test } from '@jest/globals';
import type { Dialect, Scope } from '#src/adapters/sql/dialect.js';
import { plain, sql } from '#src/adapters/sql/fragment.js';
import { afterPlace } from '#src/adapters/sql/order.js';
import { condition } from '#src/adapters/sql/selection.js';
import type { Relation } from '#src/source/relation.js';
import { and, not, or, type Selection } from '#src/source/selection.js';

const relation: Relation = { kind: 'table', name: 'people', key: ['id'], columns: {} };
const scopeOf = (alias: string, of: Relation): Scope<undefined> => ({
  alias,
  relation: of,
  column: (name) => ({ sql: `${alias}.${name}`, alias, live: undefined }),
});

/** The least a vendor has to say. */
const dialect: Dialect<undefined> = {
  value: (column, of) => `${of.as}(${column.sql})`,
  bind: (_, value) => value,
  startsWith: (value, prefix) => sql`starts(${value}, ${{ text: '?', values: [prefix] }})`,
  contains: (value, infix) => sql`has(${value}, ${{ text: '?', values: [infix] }})`,
  equal: (inner, outer) => plain(`${inner.sql} = ${outer.sql}`),
  orderTerm: (value, direction) => `${value} ${direction} NULLS LAST`,
  inner: (of) => scopeOf('i', of),
  from: ({ alias, relation: of }) => plain(`${of.name} ${alias}`),
  each: () => [],
};

const eq = (column: string, value: string): Selection => ({
  op: 'compare',
  of: { column, as: 'text' },
  test: 'eq',
  value,
});
const said = (selection: Selection) => condition(dialect, scopeOf('o', relation), selection);

test('values are bound in the order of their marks, whatever they hold', () => {
  const injection = "x'; DROP TABLE people; --";
  const found = said(
    and(
      or(eq('a', injection), eq('b', '?')),
      not({ op: 'in', of: { column: 'c', as: 'text' }, values: ['1', null, '2'] }),
    ),
  );
  expect(found.text).toBe('((text(o.a) = ? OR text(o.b) = ?) AND NOT coalesce(text(o.c) IN (?, ?), FALSE))');
  expect(found.values).toEqual([injection, '?', '1', '2']);
});

test('a conjunction says the same thing once, and nothing where one part is false', () => {
  expect(said(and(eq('a', '1'), and(eq('a', '1'), eq('a', '2'))))).toMatchObject({
    text: '(text(o.a) = ? AND text(o.a) = ?)',
    values: ['1', '2'],
  });
  expect(said({ op: 'and', of: [eq('a', '1'), { op: 'in', of: { column: 'a', as: 'text' }, values: [] }] }).text).toBe(
    'FALSE',
  );
  expect(said(not({ op: 'or', of: [] })).text).toBe('TRUE');
});

test('exists joins the inner columns to the outer ones', () => {
  const visits = { ...relation, name: 'visits' };
  const found = said({ op: 'exists', relation: visits, on: { person: 'id' }, where: eq('status', 'done') });
  expect(found.text).toBe('EXISTS (SELECT 1 FROM visits i WHERE (i.person = o.id AND text(i.status) = ?))');
});

test('a place in the order is a range of the first term with the ties cut out', () => {
  const terms = [
    { value: 'a', direction: 'desc', nullable: false },
    { value: 'b', direction: 'asc', nullable: true },
  ] as const;
  expect(afterPlace(terms, { values: [1, 2], inclusive: false })).toMatchObject({
    text: '(a <= ? AND (a < ? OR (a = ? AND (b > ? OR b IS NULL))))',
    values: [1, 1, 1, 2],
  });
  expect(afterPlace(terms, { values: [1, null], inclusive: false }).text).toBe('a < ?');
  expect(afterPlace(terms, { values: [1, null], inclusive: true }).text).toBe(
    '(a <= ? AND (a < ? OR (a = ? AND b IS NULL)))',
  );
});
