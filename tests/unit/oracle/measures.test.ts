import { describe, expect, test } from '@jest/globals';
import { decimal, numberRange } from '../../oracle/decimal.js';
import { numberText } from '../../oracle/drawn-values.js';
import { Refused } from '../../oracle/oracle.js';
import { answer } from './answers.js';

test.each([
  ['100', '99.5', '100.5'],
  ['100.00', '99.995', '100.005'],
  ['1e2', '95', '105'],
  ['-2', '-2.5', '-1.5'],
  ['0', '-0.5', '0.5'],
  ['9007199254740993', '9007199254740992.5', '9007199254740993.5'],
])('the implicit range of %s', (text, low, high) => {
  const range = numberRange(text, false);
  expect([numberText(range.low), numberText(range.high)]).toEqual([low, high]);
});

test.each([
  ['1.50', '1.50'],
  ['1.5e2', '150'],
  ['15E-3', '0.015'],
  ['-0.5', '-0.5'],
  ['abc', undefined],
  ['.5', undefined],
])('decimal %s', (text, plain) => {
  const value = decimal(text);
  expect(value && numberText(value)).toBe(plain);
});

describe('quantities', () => {
  const ucum = 'http://unitsofmeasure.org';
  const seen = Object.entries({
    a: { value: 5.4, unit: 'mg', system: ucum, code: 'mg' },
    b: { value: 5.35, unit: 'milligram', system: ucum, code: 'mg' },
    c: { value: 5.45, unit: 'mg' },
    d: { value: -5.4, unit: 'g', system: 'urn:x', code: 'mg' },
    e: { value: 6 },
    f: { unit: 'mg' },
  }).map(([id, valueQuantity]) => ({ resourceType: 'Observation', id, valueQuantity }));
  seen.push({ resourceType: 'Observation', id: 'g' } as never);
  const cases: [string, string][] = [
    ['5.4', 'a b'],
    ['5.40', 'a'],
    ['ne5.4', 'c d e'],
    ['ne5', 'd e'],
    ['5', 'a b c'],
    ['5.0', ''],
    ['gt5.4', 'c e'],
    ['ge5.4', 'a c e'],
    ['lt5.4', 'b d'],
    ['le5.4', 'a b d'],
    ['sa5.4', 'c e'],
    ['eb5.4', 'b d'],
    ['gt5.40000001', 'c e'],
    // [5.35 - 0.54, 5.45 + 0.54) = [4.81, 5.99)
    ['ap5.4', 'a b c'],
    // [-5.5 - 0.5, -4.5 + 0.5) = [-6, -4)
    ['ap-5.0', 'd'],
    ['gt5.4e0', 'c e'],
    [`5.4|${ucum}|mg`, 'a b'],
    ['5.4||mg', 'a b'],
    ['gt5||mg', 'a b c'],
    ['ap5.4||milligram', 'b'],
    [`gt5|${ucum}|mg`, 'a b'],
    [`gt5|${ucum}|milligram`, ''],
    ['-5.4|urn:x|mg', 'd'],
    ['lt0,6', 'd e'],
  ];
  test.each(cases)('value-quantity=%s', (value, ids) =>
    expect(answer(seen, `Observation?value-quantity=${value}`)).toBe(ids),
  );
  test('missing and sorted', () => {
    expect(answer(seen, 'Observation?value-quantity:missing=true')).toBe('g');
    expect(answer(seen, 'Observation?_sort=value-quantity')).toBe('d b a c e f g');
    expect(answer(seen, 'Observation?_sort=-value-quantity')).toBe('e c a b d f g');
  });
  test.each(['abc', '5.4|mg', '5,4x', 'eq', '5.4|a|b|c', '.5'])('refused: %s', (value) =>
    expect(() => answer(seen, `Observation?value-quantity=${value}`)).toThrow(Refused),
  );
});

describe('numbers, money, ranges, integers', () => {
  const items = [
    { resourceType: 'ChargeItem', id: 'a', factorOverride: 0.8, priceOverride: { value: 12.5, currency: 'INR' } },
    { resourceType: 'ChargeItem', id: 'b', factorOverride: 1 },
  ];
  test.each([
    ['factor-override=0.8', 'a'],
    ['factor-override=1', 'a b'],
    ['factor-override=1.0', 'b'],
    ['factor-override=ne1', ''],
    ['factor-override=ne1.0', 'a'],
    ['factor-override=lt1', 'a'],
    ['price-override=12.5|urn:iso:std:iso:4217|INR', 'a'],
    ['price-override=12.5||INR', 'a'],
    ['price-override=12.5||USD', ''],
    ['factor-override:missing=false', 'a b'],
  ])('ChargeItem?%s', (query, ids) => expect(answer(items, `ChargeItem?${query}`)).toBe(ids));

  const conditions = [
    { resourceType: 'Condition', id: 'range', onsetRange: { low: { value: 40 }, high: { value: 50 } } },
    { resourceType: 'Condition', id: 'age', onsetAge: { value: 45, system: 'http://unitsofmeasure.org', code: 'a' } },
    { resourceType: 'Condition', id: 'date', onsetDateTime: '2020' },
  ];
  test.each([
    ['gt45', 'range'],
    ['lt45', 'range'],
    ['ge45', 'age range'],
    ['45', 'age'],
    ['ap45', 'age range'],
    ['sa39', 'age range'],
    ['45||a', 'age'],
  ])('onset-age=%s', (value, ids) => expect(answer(conditions, `Condition?onset-age=${value}`)).toBe(ids));

  const sequences = [{ resourceType: 'MolecularSequence', id: 's', variant: [{ start: 100, end: 104 }] }];
  test.each([
    ['variant-start=100', 's'],
    ['variant-start=1e2', 's'],
    ['variant-end=1e2', ''],
    ['variant-end=ne1e2', 's'],
    ['variant-start=100.5', ''],
  ])('MolecularSequence?%s', (query, ids) => expect(answer(sequences, `MolecularSequence?${query}`)).toBe(ids));
});
