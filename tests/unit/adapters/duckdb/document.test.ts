import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { cellAt, parseDocument } from '#src/adapters/duckdb/document.js';

describe('documents', () => {
  test.each([
    ['1.5', 1.5],
    ['1.50', '1.50'],
    ['13.0', '13.0'],
    ['13', 13],
    ['-0', 0],
    ['1e3', '1e3'],
    ['1e-7', 1e-7],
    ['0.0000001', '0.0000001'],
    ['9007199254740991', 9007199254740991],
    ['9007199254740993', 9007199254740993n],
    ['0.1234567890123456789', '0.1234567890123456789'],
    ['1234567890123.1234', '1234567890123.1234'],
    ['true', true],
    ['null', null],
    ['"1.50"', '1.50'],
    ['"a\\u0000\\"b"', 'a\0"b'],
  ])('the number %s keeps what was written', (text, cell) => {
    const read = cellAt(parseDocument(`{"a": [{"b":${text}}], "odd": 1.0}`), ['a', '0', 'b']);
    expect(Object.is(read, -0) ? 0 : read).toEqual(cell);
    expect(cellAt(parseDocument(`{"v": ${text}}`), ['v'])).toEqual(read);
  });

  test('nothing but own members is found', () => {
    const document = parseDocument('{"a": [1], "b": "text", "c": {"__proto__": 1}}');
    for (const path of [['constructor'], ['a', 'length'], ['b', '0'], ['b', 'length'], ['x', 'y'], ['__proto__', 'a']])
      expect(cellAt(document, path)).toBeNull();
    expect(cellAt(document, ['c', '__proto__'])).toBe(1);
  });

  test('the slower way reads what JSON.parse reads', () => {
    fc.assert(
      fc.property(fc.json({ noUnicodeString: false }), (json) => {
        const plain = JSON.parse(json) as unknown;
        const exact = (parseDocument(`[${json}, 1.0]`) as unknown[])[0];
        const asNumbers = (a: unknown, b: unknown): boolean =>
          typeof b === 'object' && b !== null
            ? Object.keys(b).every((name) =>
                asNumbers((a as Record<string, unknown>)[name], (b as Record<string, unknown>)[name]),
              )
            : typeof b === 'number'
              ? Number(a) === b
              : a === b;
        return asNumbers(exact, plain);
      }),
      { numRuns: 500, seed: 4711 },
    );
  });
});
