import { describe, expect, test } from '@jest/globals';
import {
  Binary,
  BSON,
  Code,
  DBRef,
  Decimal128,
  type Document,
  Double,
  Int32,
  Long,
  MaxKey,
  ObjectId,
  Timestamp,
  UUID,
} from 'mongodb';
import { cellAt, toCell } from '#src/adapters/mongodb/cell.js';
import type { Cell } from '#src/source/row.js';

/** As the driver reads what was written. */
const read = (document: Document): Document =>
  BSON.deserialize(BSON.serialize(document), { useBigInt64: true, promoteLongs: true });
const cell = (value: unknown): Cell => toCell(read({ value }).value);

describe('a value of BSON as a cell', () => {
  const cases: readonly (readonly [title: string, value: unknown, cell: Cell])[] = [
    ['text', ' a ', ' a '],
    ['boolean', false, false],
    ['null', null, null],
    ['int32', new Int32(5), 5],
    ['double', new Double(5.5), 5.5],
    ['a double that is whole', new Double(5), 5],
    ['minus zero', new Double(-0), 0],
    ['no number', Number.NaN, 'NaN'],
    ['infinity', Number.NEGATIVE_INFINITY, '-Infinity'],
    ['int64 within 2^53', Long.fromNumber(9_007_199_254_740_991), 9_007_199_254_740_991],
    ['int64 beyond 2^53', Long.fromString('9007199254740993'), 9_007_199_254_740_993n],
    ['the least int64', Long.MIN_VALUE, -(2n ** 63n)],
    ['a decimal with its zeros', Decimal128.fromString('1.50'), '1.50'],
    [
      'a decimal that no double holds',
      Decimal128.fromString('0.1000000000000000000000000000000001'),
      '0.1000000000000000000000000000000001',
    ],
    ['a decimal with an exponent', Decimal128.fromString('1E+3'), '1E+3'],
    ['a date', new Date('1990-05-17T10:00:00.5Z'), '1990-05-17T10:00:00.500Z'],
    ['a date before 1970', new Date(-1), '1969-12-31T23:59:59.999Z'],
    ['an ObjectId', new ObjectId('64B5F0C2A1B2C3D4E5F60718'), '64b5f0c2a1b2c3d4e5f60718'],
    ['a UUID', new UUID('A0EEBC99-9C0B-4EF8-BB6D-6BB9BD380A11'), 'a0eebc99-9c0b-4ef8-bb6d-6bb9bd380a11'],
    ['binary', new Binary(Buffer.from('abc')), { $binary: { base64: 'YWJj', subType: '00' } }],
    ['a pattern', /a.c/, { $regularexpression: '/a.c/' }],
    ['a timestamp', new Timestamp({ t: 1, i: 2 }), { $timestamp: '4294967298' }],
    ['array', [1, 'a', null], [1, 'a', null]],
    [
      'values within documents',
      {
        id: new ObjectId('64b5f0c2a1b2c3d4e5f60718'),
        n: Long.MAX_VALUE,
        d: [new Date(0)],
        x: Decimal128.fromString('1.0'),
      },
      { id: '64b5f0c2a1b2c3d4e5f60718', n: '9223372036854775807', d: ['1970-01-01T00:00:00.000Z'], x: '1.0' },
    ],
    ['a reference', new DBRef('people', 5 as unknown as ObjectId), { $ref: 'people', $id: 5 }],
  ];
  for (const [title, value, wanted] of cases) test(title, () => expect(cell(value)).toEqual(wanted));

  test('a document that looks like a type is a document', () => {
    const document = { _bsontype: 'ObjectId', a: { _bsontype: 'Binary', sub_type: 4 } };
    expect(toCell(document)).toEqual(document);
    expect(cellAt(document, ['a', 'sub_type'])).toBe(4);
  });

  test('what has no text is nested, and JSON', () => {
    for (const value of [new MaxKey(), new Code('f()'), new Timestamp({ t: 1, i: 1 })])
      expect(typeof JSON.parse(JSON.stringify(cell(value)))).toBe('object');
  });
});

describe('a path', () => {
  const document = read({
    a: { b: { c: 'deep' }, list: [{ b: 1 }, 'x'], when: new Date(0), id: new ObjectId() },
    ref: new DBRef('people', 'p1' as unknown as ObjectId),
    text: 'abc',
    'dotted.name': 1,
    none: null,
  });
  const cases: readonly (readonly [path: string[], cell: Cell])[] = [
    [['a', 'b', 'c'], 'deep'],
    [['a', 'b', 'x'], null],
    [['a', 'list', '0', 'b'], 1],
    [['a', 'list', '1'], 'x'],
    [['a', 'list', '7'], null],
    [['a', 'list', 'b'], null],
    [['a', 'list', 'length'], null],
    [['a', 'when', 'getTime'], null],
    [['a', 'id', 'id'], null],
    [['text', 'length'], null],
    [['text', '0'], null],
    [['dotted.name'], 1],
    [['dotted', 'name'], null],
    [['ref', '$id'], 'p1'],
    [['none', 'x'], null],
    [['constructor', 'name'], null],
    [['toString'], null],
  ];
  for (const [path, wanted] of cases)
    test(`${path.join(' > ')} is ${String(wanted)}`, () => expect(cellAt(document, path)).toEqual(wanted));
});
