import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { decimalKey } from '#src/adapters/sql/decimal-key.js';
import { compareDecimal, decimalText } from '#src/source/decimal.js';

const decimal = fc
  .oneof(
    fc
      .tuple(fc.constantFrom('', '-'), fc.stringMatching(/^\d{1,25}$/), fc.stringMatching(/^(\.\d{1,25})?$/))
      .map((parts) => parts.join('')),
    fc
      .tuple(fc.integer({ min: -999, max: 999 }), fc.integer({ min: -40, max: 40 }))
      .map(([digits, exponent]) => `${digits}e${exponent}`),
    fc.constantFrom(
      '0',
      '-0',
      '0.00',
      '1',
      '1.0',
      '10',
      '0.1',
      '0.10',
      '99.5',
      '-99.5',
      '-100',
      '1e999',
      '-1e999',
      '1e-999',
    ),
  )
  .map((text) => decimalText(text)!);

test('keys are ordered as text exactly as the decimals are by value', () => {
  fc.assert(
    fc.property(decimal, decimal, (a, b) => {
      const [x, y] = [decimalKey(a), decimalKey(b)];
      expect(Math.sign(x < y ? -1 : x > y ? 1 : 0)).toBe(Math.sign(compareDecimal(a, b)) + 0);
    }),
    { numRuns: 5000 },
  );
});

test.each([
  ['1.50', '1.5'],
  ['0', '-0.00'],
  ['100', '0100.0'],
])('%s and %s have one key', (a, b) => {
  expect(decimalKey(decimalText(a)!)).toBe(decimalKey(decimalText(b)!));
});
