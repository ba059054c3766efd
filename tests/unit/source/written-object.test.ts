import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { type Member, writtenObject } from '#src/source/written-object.js';

const pairs = (members: readonly Member[] | undefined) => members?.map(({ name, value }) => [name, value]);

describe('an object that a text writes out', () => {
  test.each<[string, [string, unknown][]]>([
    [
      '{"Hb": 13.50, "WBC": 7800}',
      [
        ['Hb', '13.50'],
        ['WBC', '7800'],
      ],
    ],
    [
      "{'Hb': 13.5, 'Smear': 'Negative', 'Note': None, 'Fasting': True}",
      [
        ['Hb', '13.5'],
        ['Smear', 'Negative'],
        ['Note', null],
        ['Fasting', true],
      ],
    ],
    [' { } ', []],
    ["{'a': 1,}", [['a', '1']]],
    [
      `{'said': "it's fine", "quoted": 'say "ah"'}`,
      [
        ['said', "it's fine"],
        ['quoted', 'say "ah"'],
      ],
    ],
    [String.raw`{'a': 'tab\tslash\\ quote\' \x41\u00e9\U0001f600 \d'}`, [['a', "tab\tslash\\ quote' Aé😀 \\d"]]],
    ["{u'a': u'b'}", [['a', 'b']]],
    [
      '{"a": [1, {"b": 2}], \'t\': (1, 2)}',
      [
        ['a', '[1, {"b": 2}]'],
        ['t', '(1, 2)'],
      ],
    ],
    [
      '{"a": 1, "a": 2}',
      [
        ['a', '1'],
        ['a', '2'],
      ],
    ],
    [
      "{1: 'one', -2.5e3: .5}",
      [
        ['1', 'one'],
        ['-2.5e3', '.5'],
      ],
    ],
    [
      '{"__proto__": "x", "constructor": "y"}',
      [
        ['__proto__', 'x'],
        ['constructor', 'y'],
      ],
    ],
  ])('%s', (text, members) => {
    expect(pairs(writtenObject(text))).toEqual(members);
  });

  test.each([
    '',
    'not done',
    '13.5',
    '[1, 2]',
    '"a"',
    '{',
    '{"a"}',
    '{"a": }',
    '{"a": 1',
    '{"a": 1}}',
    '{"a" 1}',
    '{, }',
    '{"a": 1,, "b": 2}',
    '{"a": high}',
    '{"a": 01}',
    '{"a": 1.2.3}',
    '{"a": 12abc}',
    '{"a": Truely}',
    "{'a': 'open}",
    "{'a': 'two\nlines'}",
    String.raw`{"a": "\u12"}`,
    String.raw`{'a': '\U00110000'}`,
    "{'a': datetime.date(2024, 1, 1)}",
    "{'a': __import__('os').system('true')}",
    '{"a": 1} # note',
    '{None: 1}',
    '{"a": (1, 2}',
    `{"a": ${'['.repeat(10_000)}`,
    `{"a": ${'{"a":'.repeat(70)}1${'}'.repeat(71)}`,
  ])('%s is none', (text) => {
    expect(writtenObject(text)).toBeUndefined();
  });

  test('whatever JSON writes is read as JSON reads it', () => {
    const scalar = fc.oneof(fc.string({ unit: 'binary' }), fc.boolean(), fc.constant(null), fc.integer());
    fc.assert(
      fc.property(fc.uniqueArray(fc.tuple(fc.string(), scalar), { selector: ([name]) => name }), (members) => {
        const text = `{${members.map(([name, value]) => `${JSON.stringify(name)}: ${JSON.stringify(value)}`).join(', ')}}`;
        const expected = members.map(([name, value]) => [name, typeof value === 'number' ? String(value) : value]);
        expect(pairs(writtenObject(text))).toEqual(expected);
      }),
    );
  });

  test('any text is read or refused, and at once', () => {
    const signs = fc.constantFrom(
      '{',
      '}',
      '[',
      ']',
      '(',
      ')',
      ',',
      ':',
      "'",
      '"',
      '\\',
      'x',
      '1',
      '.',
      'None',
      'e',
      ' ',
    );
    fc.assert(
      fc.property(fc.array(signs, { maxLength: 60 }), (parts) => {
        const found = writtenObject(parts.join(''));
        expect(found === undefined || Array.isArray(found)).toBe(true);
      }),
      { numRuns: 3_000 },
    );
    expect(writtenObject(`{"a": "${'\\\\'.repeat(200_000)}`)).toBeUndefined();
    expect(writtenObject(`{"a": ${'1'.repeat(200_000)}x}`)).toBeUndefined();
  });
});
