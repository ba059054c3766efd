import { expect, test } from '@jest/globals';
import { contentRange, partOf, singleRange, sizeOf } from '#src/download/range.js';

test.each([
  ['bytes=0-4', [0, 4]],
  ['bytes=5-', [5, 9]],
  ['bytes=5-500', [5, 9]],
  ['bytes=-3', [7, 9]],
  ['bytes=-30', [0, 9]],
  ['bytes=9-9', [9, 9]],
] as const)('%s of ten bytes', (range, [first, last]) => {
  expect(singleRange(range)).toBe(range);
  expect(partOf(range, 10)).toEqual({ first, last, size: 10 });
});

test('a range without a byte of the content, and what is no range', () => {
  expect(['bytes=10-', 'bytes=10-12', 'bytes=-0'].map((range) => partOf(range, 10))).toEqual([
    undefined,
    undefined,
    undefined,
  ]);
  expect(partOf('bytes=-1', 0)).toBeUndefined();
});

test.each(['bytes=0-1,4-5', 'bytes=', 'bytes=-', 'items=0-1', 'bytes=a-b', 'bytes=0-1x', 'bytes=1', 'bytes=5-4'])(
  '%s is answered with the whole',
  (range) => {
    expect(singleRange(range)).toBeUndefined();
  },
);

test('what a server says of its part', () => {
  expect(contentRange('bytes 2-5/10')).toEqual({ first: 2, last: 5, size: 10 });
  for (const none of ['bytes 2-5/*', 'bytes 5-2/10', 'bytes 2-10/10', '2-5/10', undefined])
    expect(contentRange(none)).toBeUndefined();
  expect([sizeOf('bytes */10'), sizeOf('bytes 0-1/10'), sizeOf(undefined)]).toEqual([10, undefined, undefined]);
});
