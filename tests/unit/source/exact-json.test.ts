import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { parseExact } from '#src/source/exact-json.js';

const kept = (text: string) => ({ text });

describe('a number that JSON.parse may change is kept as it is written', () => {
  test.each(['1.50', '13.0', '-0.0', '1e3', '1E-7', '0.0000001', '9007199254740993', '-0.1234567890123456789'])(
    '%s',
    (text) => {
      expect(parseExact(`{"a": [ ${text} ,"${text}", {"b":${text}}]}`, kept)).toEqual({
        a: [{ text }, text, { b: { text } }],
      });
      expect(parseExact(text, kept)).toEqual({ text });
    },
  );

  test.each(['1.5', '-13', '0', '123456789012345', '0.25', 'true', 'null', '"1.50"'])('%s is none', (text) => {
    expect(parseExact(`[${text}, 1.0]`, kept)).toEqual([JSON.parse(text), { text: '1.0' }]);
  });
});

test('texts and names that look like its own marks are kept', () => {
  const text = '{"\\u0001a":"\\u00011.50","1.50":"\\u0001\\u0001","b\\"1.50":"\\\\","\\u0001" : 1.50,"__proto__":1.50}';
  const read = parseExact(text, kept) as Record<string, unknown>;
  expect(Object.entries(read)).toEqual([
    ['\u0001a', '\u00011.50'],
    ['1.50', '\u0001\u0001'],
    ['b"1.50', '\\'],
    ['\u0001', { text: '1.50' }],
    ['__proto__', { text: '1.50' }],
  ]);
  expect(Object.getPrototypeOf(read)).toBe(Object.prototype);
});

test.each(['{1.50:2}', '{1.50 : 2}', '[01.50]', '[1.50.0]', '[1e]', '[-1.50-]', '["a 1.50, 2.50]', '[1.50', '[+1.50]'])(
  '%s is not JSON',
  (text) => {
    expect(() => parseExact(text, kept)).toThrow(expect.objectContaining({ name: 'SyntaxError' }));
  },
);

test('it reads what JSON.parse reads, and refuses what that refuses', () => {
  const piece = fc.oneof(
    fc.json({ noUnicodeString: false }),
    fc.constantFrom('1.50', '"1.50', '1e5', '{', '}', ',', ':', '"\\u0001"', '\\', ' '),
  );
  fc.assert(
    fc.property(fc.array(piece, { minLength: 1, maxLength: 4 }), (pieces) => {
      const text = `[${pieces.join('')}, 1.0]`;
      const read = (parse: (text: string) => unknown) => {
        try {
          return JSON.stringify(parse(text));
        } catch (error) {
          return (error as Error).name;
        }
      };
      expect(read((json) => parseExact(json, Number))).toBe(read(JSON.parse));
    }),
    { numRuns: 3_000, seed: 11 },
  );
});
