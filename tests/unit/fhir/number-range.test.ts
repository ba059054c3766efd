import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { approximately, numberRange } from '#src/fhir/number-range.js';
import { compareDecimal, decimalText } from '#src/source/decimal.js';
import { readCases } from '../../support/search-cases.js';

interface Table {
  readonly ranges: readonly {
    readonly text: string;
    readonly value: string;
    readonly low: string;
    readonly high: string;
  }[];
  readonly approximate: readonly { readonly text: string; readonly low: string; readonly high: string }[];
  readonly invalid: readonly string[];
}

const { ranges, approximate, invalid } = readCases<Table>('number-ranges');

function same(a: string, b: string): void {
  expect(`${a} ${b} ${Math.abs(compareDecimal(a, b))}`).toBe(`${a} ${b} 0`);
}

test.each(ranges)('rule 9: $text is [$low, $high)', ({ text, value, low, high }) => {
  const found = numberRange(text)!;
  same(found.value, value);
  same(found.low, low);
  same(found.high, high);
});

test.each(approximate)('rule 6: ap$text is [$low, $high)', ({ text, low, high }) => {
  const found = approximately(text)!;
  same(found.low, low);
  same(found.high, high);
});

test.each(invalid)('rule 13: "%s" is no number', (text) => {
  expect(numberRange(text)).toBeUndefined();
  expect(approximately(text)).toBeUndefined();
});

test('the value is exact, inside its range, and plain', () => {
  const number = fc.stringMatching(/^-?\d{1,30}(\.\d{1,30})?([eE][+-]?\d{1,2})?$/);
  fc.assert(
    fc.property(number, (text) => {
      const { value, low, high } = numberRange(text)!;
      for (const each of [value, low, high]) expect(each).toMatch(/^-?\d+(\.\d+)?$/);
      same(value, decimalText(text)!);
      expect(compareDecimal(low, value)).toBeLessThan(0);
      expect(compareDecimal(value, high)).toBeLessThan(0);
    }),
    { seed: 9, numRuns: 500 },
  );
});
