import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { Decimal, decimal, serialize } from '#src/fhir/decimal.js';

test('rule 89: a decimal keeps its digits', () => {
  expect(serialize({ value: new Decimal('1.50'), list: [new Decimal('-0.10'), 2, 'x'] })).toBe(
    '{"value":1.50,"list":[-0.10,2,"x"]}',
  );
  expect(serialize({ value: new Decimal('12345678901234567890.5') }, 1)).toBe('{\n "value": 12345678901234567890.5\n}');
});

test('without a Decimal it is JSON.stringify', () => {
  const value = { a: [1, null, 'x\u2028"'], b: undefined };
  expect(serialize(value)).toBe(JSON.stringify(value));
});

test('elsewhere a Decimal is the nearest number', () => {
  expect(JSON.stringify([new Decimal('1.50')])).toBe('[1.5]');
  expect(Number(new Decimal('1.50'))).toBe(1.5);
  expect(String(new Decimal('1.50'))).toBe('1.50');
});

test('only a text that JavaScript writes otherwise becomes a Decimal', () => {
  expect(decimal('1.5')).toBe(1.5);
  expect(decimal('-3')).toBe(-3);
  expect((decimal('1.50') as Decimal).text).toBe('1.50');
  expect((decimal('1e2') as Decimal).text).toBe('1e2');
  expect((decimal('0.1234567890123456789') as Decimal).text).toBe('0.1234567890123456789');
  for (const text of ['', 'x', '01', '.5', '1.', '+1', 'NaN', '1,5', '1\n']) {
    expect(decimal(text)).toBeUndefined();
    expect(() => new Decimal(text)).toThrow(RangeError);
  }
});

test('data cannot forge the marker', () => {
  const forged = Array.from({ length: 5 }, (_, n) => `\uE000decimal${n}:7`);
  const value = { forged, quoted: `"${forged[0]}"`, value: new Decimal('1.50') };
  const written = JSON.parse(serialize(value)) as typeof value;
  expect(written.forged).toEqual(forged);
  expect(written.quoted).toBe(value.quoted);
  expect(serialize(value)).toContain('"value":1.50');
});

test('whatever stands beside it, the numbers are the texts and the texts stay texts', () => {
  const text = fc.oneof(
    fc.string(),
    fc.integer({ min: 0, max: 3 }).map((n) => `\uE000decimal${n}:1.50`),
  );
  fc.assert(
    fc.property(fc.array(text), fc.integer({ min: 0, max: 9 }), (texts, digit) => {
      const number = `1.5${digit}0`;
      const json = serialize({ texts, value: new Decimal(number) });
      expect(json.endsWith(`"value":${number}}`)).toBe(true);
      expect((JSON.parse(json) as { texts: string[] }).texts).toEqual(texts);
    }),
    { seed: 89, numRuns: 300 },
  );
});
