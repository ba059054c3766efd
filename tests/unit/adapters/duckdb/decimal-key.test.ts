import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { decimalKey } from '#src/adapters/duckdb/decimal-key.js';
import { compareDecimal, decimalText } from '#src/source/decimal.js';
import { inFolder, rowsOf, scanOf, table } from './folder.js';

const digits = fc.oneof(
  fc.constantFrom('0', '00', '1', '9', '10', '999999999999999999', '1000000000000000000'),
  fc.stringMatching(/^\d{1,30}$/),
);
const decimal = fc
  .tuple(fc.constantFrom('', '-', '+'), digits, fc.option(digits), fc.option(fc.integer({ min: -40, max: 40 })))
  .map(
    ([sign, whole, fraction, exponent]) =>
      `${sign}${whole}${fraction === null ? '' : `.${fraction}`}${exponent === null ? '' : `e${exponent}`}`,
  );

test('keys order as the numbers do', () => {
  fc.assert(
    fc.property(decimal, decimal, (a, b) => {
      const order = compareDecimal(decimalText(a)!, decimalText(b)!);
      const [x, y] = [decimalKey(a)!, decimalKey(b)!];
      expect(x < y ? -1 : x > y ? 1 : 0).toBe(Math.sign(order));
    }),
    { numRuns: 5_000, seed: 4711 },
  );
});

test('the key in SQL is the key in code', async () => {
  const all = fc.sample(decimal, { numRuns: 3_000, seed: 4712 });
  const numbers = table('numbers', ['n'], { n: ['n'], value: ['value'] });
  await inFolder(
    { 'numbers.csv': `n,value\n${all.map((value, n) => `${n},${value}\n`).join('')}` },
    async (adapter) => {
      const order = [
        { of: { column: 'value', as: 'decimal' }, direction: 'asc' },
        { of: { column: 'n', as: 'integer' }, direction: 'asc' },
      ] as const;
      const rows = await rowsOf(adapter, scanOf(numbers, { order }));
      const wanted = all
        .map((value, n) => ({ n, value: decimalText(value)! }))
        .sort((a, b) => compareDecimal(a.value, b.value) || a.n - b.n);
      expect(rows.map(([n]) => Number(n))).toEqual(wanted.map(({ n }) => n));
    },
  );
});
