import { describe, expect, test } from '@jest/globals';
import { ownCode } from '#src/mapping/codecs/own-code.js';

const of = { column: 'service_code', as: 'text' } as const;

describe('a code of the source’s own', () => {
  test.each(['SRV100', 'X ray', '–', 'a b c'])('%j is one', (text) => {
    expect(ownCode.decode(text)).toBe(text);
    expect(ownCode.encode(text, ` ${text} `)).toBe(` ${text} `);
    expect(ownCode.preimage({ test: 'equals', text }, of).lo).toEqual({ op: 'compare', of, test: 'eq', value: text });
  });

  test.each(['two  blanks', 'tab\tin it', 'line\nbreak', 'no\u00a0break'])('%j has not the form of one', (text) => {
    expect(ownCode.decode(text)).toBeUndefined();
    expect(ownCode.preimage({ test: 'equals', text }, of)).toEqual({ lo: { op: 'false' }, hi: { op: 'false' } });
  });

  test('a row that holds a text may still hold no code', () => {
    expect(ownCode.preimage({ test: 'present' }, of)).toEqual({ lo: { op: 'false' }, hi: { op: 'present', of } });
  });
});
