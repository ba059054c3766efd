import { describe, expect, test } from '@jest/globals';
import { capabilities as ofInfluxdb } from '#src/adapters/influxdb/capabilities.js';
import { capabilities as ofMongodb } from '#src/adapters/mongodb/capabilities.js';
import { capabilities as ofMysql } from '#src/adapters/mysql/capabilities.js';
import { capabilities as ofNeo4j } from '#src/adapters/neo4j/capabilities.js';
import { capabilities as ofPostgres } from '#src/adapters/postgres/capabilities.js';
import { capabilities as ofSqlite } from '#src/adapters/sqlite/capabilities.js';
import { excludes } from '#src/check/excludes.js';
import { indexes } from '#src/check/indexes.js';
import type { Capabilities, LiveColumn } from '#src/source/adapter.js';
import type { Expression } from '#src/source/expression.js';
import type { TableRelation } from '#src/source/relation.js';
import { and, not, or, type Selection } from '#src/source/selection.js';

const [influxdb, mongodb, mysql, neo4j, postgres, sqlite] = [
  ofInfluxdb,
  ofMongodb,
  ofMysql,
  ofNeo4j,
  ofPostgres,
  ofSqlite,
].map(({ indexOn }) => indexOn);

const columns = (...names: string[]) => Object.fromEntries(names.map((name) => [name, { name, path: [name] }]));
const people: TableRelation = { kind: 'table', name: 'people', key: ['id'], columns: columns('id', 'a', 'b') };
const bills: TableRelation = { kind: 'table', name: 'bills', key: ['id'], columns: columns('id', 'person', 'sum') };
const equal = (column: string, value: string): Selection => ({
  op: 'compare',
  of: { column, as: 'text' },
  test: 'eq',
  value,
});
const prefix = (column: string): Selection => ({ op: 'prefix', of: { column, as: 'fold' }, value: 'x' });
const contains: Selection = { op: 'contains', of: { column: 'a', as: 'fold' }, value: 'x' };

describe('the index that would help', () => {
  const told = (selection: Selection, indexOn: Capabilities['indexOn'] = sqlite, live?: LiveColumn) =>
    indexes(selection, people, (of, _, name) => (indexOn ? indexOn(of, name, live) : name)).map(
      ({ table, written }) => `${table}(${written})`,
    );
  const ofText = (collation: string, type = 'varchar(20)'): LiveColumn => ({
    name: 'a',
    type,
    nullable: true,
    collation,
  });
  const as = (type: Expression['as']): Selection => ({
    op: 'compare',
    of: { column: 'a', as: type },
    test: 'eq',
    value: '1',
  });

  test('a comparison, and text without case', () => {
    expect(told(equal('a', 'x'))).toEqual(['people(a)']);
    expect(told(prefix('a'))).toEqual(['people(a COLLATE NOCASE)']);
  });

  test('is one that such a database has', () => {
    const plain = { name: 'a', type: 'date', nullable: true };
    expect(told(prefix('a'), postgres, ofText('"pg_catalog"."default"'))).toEqual(['people(a COLLATE "C")']);
    expect(told(as('raw'), postgres, ofText('"pg_catalog"."default"'))).toEqual(['people(a)']);
    expect(told(as('date'), postgres, plain)).toEqual(['people(a)']);
    expect(told(as('integer'), postgres, ofText('"pg_catalog"."default"'))).toEqual([]);
    expect(told(prefix('a'), mysql, ofText('utf8mb4_general_ci'))).toEqual(['people(a)']);
    expect(told(prefix('a'), mysql, ofText('utf8mb4_0900_ai_ci'))).toEqual([]);
    expect(told(as('text'), mysql, ofText('utf8mb4_0900_ai_ci'))).toEqual(['people(a)']);
    expect(told(as('text'), mysql, ofText('utf8mb4_0900_ai_ci', 'longtext'))).toEqual(['people(a(100))']);
    expect(told(prefix('a'), mongodb)).toEqual(['people(a)']);
    expect(told(as('text'), neo4j)).toEqual(['people(a)']);
    expect(told(prefix('a'), neo4j)).toEqual([]);
    expect(told(as('text'), influxdb)).toEqual([]);
  });

  test('members of an object have no field that MongoDB could index', () => {
    const results: TableRelation = {
      ...people,
      columns: { id: { name: 'id', path: ['_id'] }, a: { name: 'a', path: ['results', '$members', 'name'] } },
      unwind: [['results', '$members']],
    };
    const found = (selection: Selection) => indexes(selection, results, (of, _, name) => mongodb!(of, name, undefined));
    expect(found(equal('a', 'x'))).toEqual([]);
    expect(found(equal('id', 'x'))).toHaveLength(1);
  });

  test('one is enough for all of them, each alternative needs its own', () => {
    expect(told(and(contains, equal('b', 'x')))).toEqual(['people(b)']);
    expect(told(or(prefix('a'), prefix('b')))).toEqual(['people(a COLLATE NOCASE)', 'people(b COLLATE NOCASE)']);
    expect(told(or(equal('b', 'x'), contains))).toEqual([]);
  });

  test('none helps to find a piece of a text, or its absence', () => {
    expect(told(contains)).toEqual([]);
    expect(told(not(equal('a', 'x')))).toEqual([]);
    expect(
      told({
        op: 'compare',
        of: { column: 'a', as: 'text', part: { separator: ',', count: 2, index: 1 } },
        test: 'eq',
        value: 'x',
      }),
    ).toEqual([]);
  });

  test('related rows are found by what joins them', () => {
    const there: Selection = { op: 'exists', relation: bills, on: { person: 'id' }, where: { op: 'true' } };
    expect(told(there)).toEqual(['bills(person)']);
    expect(told({ ...there, where: equal('sum', '1') })).toEqual(['bills(sum)']);
  });
});

describe('a cell that a selection excludes', () => {
  test.each<[string, Selection, boolean]>([
    ['it is another', equal('a', 'y'), true],
    ['it is the one', equal('a', 'x'), false],
    ['another column decides', equal('b', 'y'), false],
    ['whatever the other column holds', and(equal('a', 'y'), equal('b', 'y')), true],
    ['the other column may let it in', or(equal('a', 'y'), equal('b', 'y')), false],
    ['it is what must not be', not(equal('a', 'x')), true],
    ['not both', not(and(equal('a', 'x'), equal('b', 'x'))), false],
  ])('%s', (_, selection, excluded) => {
    expect(excludes(selection, 'a', 'x')).toBe(excluded);
  });
});
