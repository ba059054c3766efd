import { expect, test } from '@jest/globals';
import { capabilities } from '#src/adapters/mysql/capabilities.js';
import { weakened } from '#src/adapters/sql/server/weakened.js';
import { and, not, or, type Selection, TRUE } from '#src/source/selection.js';

const exact: Selection = { op: 'compare', of: { column: 'a', as: 'text' }, test: 'eq', value: 'x' };
const rough: Selection = { op: 'prefix', of: { column: 'a', as: 'fold' }, value: 'x' };
const relation = { kind: 'table', name: 't', key: [], columns: {} } as const;
const exists = (where: Selection): Selection => ({ op: 'exists', relation, on: { b: 'c' }, where });

test('what is not exact is pushed as more, never under not', () => {
  for (const [selection, pushed] of [
    [exact, exact],
    [not(exact), not(exact)],
    [rough, rough],
    [not(rough), TRUE],
    [and(exact, not(rough)), exact],
    [or(exact, not(rough)), TRUE],
    [or(exact, rough), or(exact, rough)],
    [exists(and(exact, not(rough))), exists(exact)],
    [not(exists(rough)), TRUE],
    [{ op: 'present', of: { column: 'a', as: 'text', part: { separator: '', count: 2, index: 0 } } }, TRUE],
  ] satisfies (readonly [Selection, Selection])[])
    expect(weakened(selection, capabilities.exact)).toEqual(pushed);
});

test('MySQL is never asked for an order that it does not have', () => {
  expect(capabilities.orders({ column: 'a', as: 'fold' })).toBe(false);
  expect(capabilities.orders({ column: 'a', as: 'text' })).toBe(true);
  expect(capabilities.exact(not(rough))).toBe(false);
  expect(capabilities.exact(exists(rough))).toBe(false);
});
