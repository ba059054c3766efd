import { expect, test } from '@jest/globals';
import { joinsOf } from '#src/plan/joins.js';
import type { TableRelation } from '#src/source/relation.js';

const relation = (name: string, key: string, ...columns: readonly string[]): TableRelation => ({
  kind: 'table',
  name,
  key: [key],
  columns: Object.fromEntries([key, ...columns].map((column) => [column, { name: column, path: [column] }])),
});
const people = relation('people', 'number');
const samples = relation('samples', 'sample', 'person');

const live = (own: string, other: string, uniqueKeys: readonly (readonly string[])[] = [['number']]) => {
  const table = (name: string, column: string, type: string) => ({
    name,
    columns: [{ name: column, type, nullable: true }],
    uniqueKeys,
    indexes: [],
  });
  return joinsOf([table('PEOPLE', 'Number', own), table('Samples', 'person', other)]);
};
const joined = (...of: Parameters<typeof live>) => live(...of)(people, { number: 'person' }, samples);

test.each([
  ['INTEGER', 'bigint'],
  ['varchar(20)', 'VARCHAR(36)'],
  ['character varying(20)', 'text'],
  ['numeric(10,2)', 'NUMERIC(10,2)'],
])('cells of %s and %s are equal when their ids are', (own, other) => {
  expect(joined(own, other)).toBe('exact');
  expect(joined(own, other, [])).toBe('superset');
});

test.each([
  ['integer', 'varchar(20)'],
  ['integer', 'numeric(10,2)'],
  ['char(10)', 'varchar(10)'],
  ['numeric(10,2)', 'numeric(10,3)'],
  ['', ''],
  ['any', 'ANY'],
])('of %s and %s that is not sure', (own, other) => {
  expect(joined(own, other)).toBeUndefined();
});

test('a part of a unique key is not unique', () => {
  expect(joined('text', 'text', [['number', 'line']])).toBe('superset');
});

test('nothing is known of what the schema does not have', () => {
  expect(joinsOf([])(people, { number: 'person' }, samples)).toBeUndefined();
  expect(live('text', 'text')(people, { number: 'other' }, samples)).toBeUndefined();
});
