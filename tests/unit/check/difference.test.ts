import { expect, test } from '@jest/globals';
import { difference } from '#src/check/difference.js';

test.each([
  [{ a: 1 }, { a: 2 }, 'a is 1 instead of 2.'],
  [{ a: { b: [1, 2] } }, { a: { b: [1, 3] } }, 'a.b[1] is 2 instead of 3.'],
  [{ a: [1] }, { a: [1, 2] }, 'a[1] is absent instead of 2.'],
  [{ a: 1, b: 2 }, { a: 1 }, 'b is 2 instead of absent.'],
  [{ a: [] }, { a: {} }, 'a is [] instead of {}.'],
  [{ a: null }, { a: 'x' }, 'a is null instead of "x".'],
])('%j against %j', (is, should, words) => {
  expect(difference(is, should)).toBe(words);
});
