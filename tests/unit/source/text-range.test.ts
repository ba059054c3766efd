import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { compareText, fold } from '#src/source/fold.js';
import { trim } from '#src/source/space.js';
import { beginningWith, followedByNonAscii, leadingSpace, type TextRange, trailed } from '#src/source/text-range.js';

const within = ({ from, to }: TextRange, text: string) =>
  compareText(text, from) >= 0 && (to === undefined || compareText(text, to) < 0);
const space = fc.constantFrom('', ' ', '\t', '\r\n', '\v\f ');
const text = fc
  .string({ unit: 'grapheme', minLength: 1, maxLength: 8 })
  .filter((one) => trim(one) === one && one !== '');

test('a value with white space around it lies in one of the ranges that are searched for it', () => {
  fc.assert(
    fc.property(text, space, space, (value, before, behind) => {
      const cell = before + value + behind;
      expect([trailed(value), leadingSpace].some((range) => within(range, cell))).toBe(true);
    }),
    { numRuns: 3000 },
  );
});

test('a text begins with a prefix exactly when it lies in its range', () => {
  fc.assert(
    fc.property(text, text, (prefix, other) => {
      expect(within(beginningWith(prefix), other)).toBe(other.startsWith(prefix));
      expect(within(beginningWith(prefix), prefix + other)).toBe(true);
    }),
    { numRuns: 3000 },
  );
});

test('a text whose fold begins with ASCII letters begins with them, or with some of them and then beyond ASCII', () => {
  const accented = fc.array(
    fc.constantFrom(
      'a',
      'A',
      'b',
      's',
      'S',
      'i',
      'k',
      'é',
      'e\u0301',
      'İ',
      'ı',
      '\u212a',
      'ß',
      'Å',
      'a\u030a',
      '1',
      '@',
      'z',
      'Z',
    ),
    { minLength: 1, maxLength: 6 },
  );
  fc.assert(
    fc.property(accented, fc.nat(5), (letters, length) => {
      const cell = letters.join('');
      const prefix = /^[ -~]*/.exec(fold(cell))![0].slice(0, length + 1);
      if (prefix === '') return;
      const lower = cell.replace(/[A-Z]/g, (letter) => letter.toLowerCase());
      const ranges = [
        beginningWith(prefix),
        ...Array.from({ length: prefix.length + 1 }, (_, i) => followedByNonAscii(prefix.slice(0, i))),
      ];
      expect(ranges.some((range) => within(range, lower))).toBe(true);
    }),
    { numRuns: 3000 },
  );
});
