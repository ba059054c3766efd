import { expect, test } from '@jest/globals';
import { exactly, isExact } from '#src/mapping/bracket.js';
import { asLists } from '#src/mapping/search/lists.js';
import type { Selection } from '#src/source/selection.js';

const a = { column: 'a', as: 'raw' } as const;
const b = { column: 'b', as: 'raw' } as const;
const is = (of: typeof a | typeof b, value: string): Selection => ({ op: 'compare', of, test: 'eq', value });

test('equalities of one column are one list, others stay', () => {
  const more: Selection = { op: 'compare', of: a, test: 'gt', value: 'm' };
  const one: Selection = { op: 'in', of: a, values: ['2', '3'] };
  expect(asLists(exactly({ op: 'or', of: [is(a, '1'), more, is(b, '1'), one, is(a, '1')] })).hi).toEqual({
    op: 'or',
    of: [more, { op: 'in', of: a, values: ['1', '2', '3'] }, { op: 'in', of: b, values: ['1'] }],
  });
});

test('what is exact stays exact, and what is not ORed stays as it is', () => {
  const bracket = asLists(exactly({ op: 'or', of: [is(a, '1'), is(a, '2')] }));
  expect(isExact(bracket)).toBe(true);
  expect(asLists(exactly(is(a, '1'))).hi).toEqual(is(a, '1'));
});

test('a list is cut before it is longer than any source takes', () => {
  const many = Array.from({ length: 1_200 }, (_, i) => is(a, String(i)));
  const { hi } = asLists(exactly({ op: 'or', of: many }));
  expect(hi.op === 'or' && hi.of.map((part) => part.op === 'in' && part.values.length)).toEqual([500, 500, 200]);
});
