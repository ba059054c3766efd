import { describe, expect, test } from '@jest/globals';
import type { Resource } from '@medplum/fhirtypes';
import { caseGenerator } from '../../oracle/case-generator.js';
import { absences, type ColumnKind, dirtyCells } from '../../oracle/dirty.js';
import { escaped, textTags } from '../../oracle/drawn-values.js';
import { search } from '../../oracle/oracle.js';
import { splitUnescaped, unescapeValue } from '../../oracle/query-text.js';
import { context } from './answers.js';

const kinds: ColumnKind[] = ['text', 'code', 'phone', 'date', 'dateTime', 'decimal', 'integer', 'boolean'];
const words = dirtyCells('text').flatMap(({ value }) =>
  typeof value === 'string' && value.trim() !== '' ? [value] : [],
);

test.each(words)('escaping is undone: %j', (word) => {
  expect(splitUnescaped(escaped(word), ',')).toHaveLength(1);
  expect(splitUnescaped(escaped(word), '|')).toHaveLength(1);
  expect(unescapeValue(escaped(word))).toBe(word);
});

test.each(kinds)('dirty cells of a %s column have names of their own, absences among them', (kind) => {
  const names = dirtyCells(kind).map((cell) => cell.kind);
  expect(new Set(names).size).toBe(names.length);
  expect(names.length).toBeGreaterThan(absences.length);
});

test('a text names what is hard about it', () => {
  expect(textTags("50%_o\\'")).toEqual(['char:percent', 'char:underscore', 'char:backslash', 'char:quote']);
  expect(textTags('José')).toEqual(['char:composed']);
  expect(textTags('Jose\u0301')).toEqual(['char:decomposed']);
});

describe('over dirty resources', () => {
  const pool = words.map((word, i) => ({
    resourceType: 'Observation',
    id: `t.${i}`,
    status: 'final',
    code: { text: word, coding: [{ code: word }] },
    subject: { reference: `Patient/p.${i}`, identifier: { system: 'urn:mrn', value: word } },
    valueQuantity: { value: [0, -1.5, 1e21, 1e-7, 42][i % 5], unit: word },
    effectiveDateTime: ['0001-01-01', '9999-12-31', '2020', '2020-02-29', '2020-03-01T23:30:00-05:00'][i % 5],
  })) as unknown as Resource[];
  const supported = {
    Observation: {
      code: { type: 'token' },
      date: { type: 'date' },
      subject: { type: 'reference' },
      'value-quantity': { type: 'quantity' },
      _id: { type: 'token' },
    },
    Patient: { _id: { type: 'token' } },
  };

  test('every query is legal and most have an answer', () => {
    const next = caseGenerator(pool, supported, 7, context);
    const seen = new Set<string>();
    let answered = 0;
    for (let i = 0; i < 4000; i++) {
      const { query, tags } = next();
      for (const tag of tags) seen.add(tag);
      expect(query).toMatch(/^[\x21-\x7e]+$/);
      if (search(pool, query, context).total > 0) answered++;
    }
    expect(answered / 4000).toBeGreaterThan(0.6);
    const expected = [
      'modifier:identifier',
      'modifier:[type]',
      'char:astral',
      'char:long',
      'char:decomposed',
      'type:none',
    ];
    expect(expected.filter((tag) => !seen.has(tag))).toEqual([]);
  });
});
