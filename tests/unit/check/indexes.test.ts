import { describe, expect, test } from '@jest/globals';
import { excludes } from '#src/check/excludes.js';
import { indexes } from '#src/check/indexes.js';
import type { TableRelation } from '#src/source/relation.js';
import { and, not, or, type Selection } from '#src/source/selection.js';

const columns = (...names: string[]) => Object.fromEntries(names.map((name) => [name, { name, path: [name] }]));
const people: TableRelation = { kind: 'table', name: 'people', key: ['id'], columns: columns('id', 'a', 'b') };
const bills: TableRelation = { kind: 'table', name: 'bills', key: ['id'], columns: columns('id', 'person', 'sum') };
const equal = (column: string, value: string): Selection => ({
  op: 'compare',
  of: { column, as: 'text' },
  test: 'eq',
  value,
});
const prefix = (column: string): Selection => ({ op: 'prefix', of: { column, as: 'fold' }, value: 'x' });
const contains: Selection = { op: 'contains', of: { column: 'a', as: 'fold' }, value: 'x' };

describe('the index that would help', () => {
  const told = (selection: Selection) => indexes(selection, people).map(({ table, columns: of }) => `${table}(${of})`);

  test('a comparison, and text without case', () => {
    expect(told(equal('a', 'x'))).toEqual(['people(a)']);
    expect(told(prefix('a'))).toEqual(['people(a COLLATE NOCASE)']);
  });

  test('one is enough for all of them, each alternative needs its own', () => {
    expect(told(and(contains, equal('b', 'x')))).toEqual(['people(b)']);
    expect(told(or(prefix('a'), prefix('b')))).toEqual(['people(a COLLATE NOCASE)', 'people(b COLLATE NOCASE)']);
    expect(told(or(equal('b', 'x'), contains))).toEqual([]);
  });

  test('none helps to find a piece of a text, or its absence', () => {
    expect(told(contains)).toEqual([]);
    expect(told(not(equal('a', 'x')))).toEqual([]);
    expect(
      told({
        op: 'compare',
        of: { column: 'a', as: 'text', part: { separator: ',', count: 2, index: 1 } },
        test: 'eq',
        value: 'x',
      }),
    ).toEqual([]);
  });

  test('related rows are found by what joins them', () => {
    const there: Selection = { op: 'exists', relation: bills, on: { person: 'id' }, where: { op: 'true' } };
    expect(told(there)).toEqual(['bills(person)']);
    expect(told({ ...there, where: equal('sum', '1') })).toEqual(['bills(sum)']);
  });
});

describe('a cell that a selection excludes', () => {
  test.each<[string, Selection, boolean]>([
    ['it is another', equal('a', 'y'), true],
    ['it is the one', equal('a', 'x'), false],
    ['another column decides', equal('b', 'y'), false],
    ['whatever the other column holds', and(equal('a', 'y'), equal('b', 'y')), true],
    ['the other column may let it in', or(equal('a', 'y'), equal('b', 'y')), false],
    ['it is what must not be', not(equal('a', 'x')), true],
    ['not both', not(and(equal('a', 'x'), equal('b', 'x'))), false],
  ])('%s', (_, selection, excluded) => {
    expect(excludes(selection, 'a', 'x')).toBe(excluded);
  });
});
