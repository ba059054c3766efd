import { expect, test } from '@jest/globals';
import { disagrees } from '#src/check/column-type.js';

test.each([
  ['date', 'TEXT', false],
  ['date', 'DATE', false],
  ['date', 'BIGINT', true],
  ['dateTime', 'TIMESTAMP', false],
  ['decimal', 'varchar(20)', false],
  ['decimal', 'DATETIME', true],
  ['integer', 'DOUBLE PRECISION', true],
  ['boolean', 'INTEGER', false],
  ['text', 'JSONB', true],
  ['text', 'GEOGRAPHY', false],
  ['text key', 'INTEGER', true],
  ['integer key', 'INTEGER', false],
  ['integer key', 'CHAR(8)', true],
  ['raw', 'BLOB', false],
] as const)('%s from %s', (as, declared, disagreeing) => {
  expect(disagrees(as, declared)).toBe(disagreeing);
});
