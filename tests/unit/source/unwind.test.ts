import { describe, expect, test } from '@jest/globals';
import { MEMBERS, unwound } from '#src/source/unwind.js';

const valueAt = (document: unknown, path: readonly string[]): unknown =>
  path.reduce<unknown>((value, step) => (value as Record<string, unknown> | null | undefined)?.[step], document);
const rows = (document: Record<string, unknown>, ...arrays: string[][]) =>
  unwound(document, arrays, valueAt).map(({ document: row, places }) => [row, places]);

describe('elements of arrays as rows', () => {
  test('an element stands in the place of its array, and knows its place', () => {
    expect(rows({ id: 1, a: { list: ['x', null] } }, ['a', 'list'])).toEqual([
      [{ id: 1, a: { list: 'x' } }, [0]],
      [{ id: 1, a: { list: null } }, [1]],
    ]);
  });

  test('an array within an element', () => {
    const document = { v: [{ t: [1, 2] }, {}, { t: [3] }] };
    expect(rows(document, ['v'], ['v', 't'])).toEqual([
      [{ v: { t: 1 } }, [0, 0]],
      [{ v: { t: 2 } }, [0, 1]],
      [{ v: { t: 3 } }, [2, 0]],
    ]);
    expect(document).toEqual({ v: [{ t: [1, 2] }, {}, { t: [3] }] });
  });

  test.each([[{}], [{ v: null }], [{ v: [] }]])('%j has no row', (document) => {
    expect(rows(document, ['v'])).toEqual([]);
  });

  test.each<[unknown, unknown[]]>([
    [
      { Hb: 13.5, note: { by: 'x' } },
      [
        { name: 'Hb', value: 13.5 },
        { name: 'note', value: '{"by":"x"}' },
      ],
    ],
    ["{'Hb': 13.50}", [{ name: 'Hb', value: '13.50' }]],
    ['{"Hb": null}', [{ name: 'Hb', value: null }]],
    ['not done', [{ name: null, value: 'not done' }]],
    [7, [{ name: null, value: 7 }]],
    [[1, 2n], [{ name: null, value: '[1,"2"]' }]],
    [{}, []],
    ['{}', []],
    [null, []],
  ])('members of %p', (results, members) => {
    expect(rows({ results }, ['results', MEMBERS])).toEqual(
      members.map((member, i) => [{ results: { [MEMBERS]: member } }, [i]]),
    );
  });
});
