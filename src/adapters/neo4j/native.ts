import { Fault } from '../../errors/fault.js';
import type { Cell } from '../../source/row.js';
import { wellFormed } from './capabilities.js';
import { fitsInteger } from './number.js';

/** A type of Cypher that a cell can be written in: https://neo4j.com/docs/cypher-manual/5/values-and-types/property-structural-constructed/ */
export type Native =
  | 'STRING'
  | 'BOOLEAN'
  | 'INTEGER'
  | 'FLOAT'
  | 'DATE'
  | 'LOCAL DATETIME'
  | 'ZONED DATETIME'
  | 'LOCAL TIME'
  | 'ZONED TIME'
  /** A list, a point, a duration, bytes: no cell replaces it. */
  | 'OTHER';

const natives = [
  'STRING',
  'BOOLEAN',
  'INTEGER',
  'FLOAT',
  'DATE',
  'LOCAL DATETIME',
  'ZONED DATETIME',
  'LOCAL TIME',
  'ZONED TIME',
] as const;

/** The type that `valueType` of Cypher tells; undefined of nothing. */
export function nativeOf(type: unknown): Native | undefined {
  const name = String(type).replace(' NOT NULL', '');
  if (name === 'NULL') return undefined;
  return natives.find((one) => one === name) ?? 'OTHER';
}

const temporal: Readonly<Partial<Record<Native, string>>> = {
  DATE: 'date',
  'LOCAL DATETIME': 'localdatetime',
  'ZONED DATETIME': 'datetime',
  'LOCAL TIME': 'localtime',
  'ZONED TIME': 'time',
};

/**
 * Cypher of a cell as a value of a type; without one, of its own.
 * @throws {Fault} `constraint` where the type has no such value
 */
export function written(cell: Cell, as: Native | undefined, bind: (value: unknown) => string): string {
  const value = typeof cell === 'object' ? undefined : as === undefined ? plainly(cell) : converted(cell, as);
  if (value === undefined)
    throw new Fault('constraint', 'The source keeps values of another type where this one belongs');
  const make = as && temporal[as];
  return make === undefined ? bind(value) : `${make}(${bind(value)})`;
}

type Scalar = string | number | bigint | boolean;

function plainly(cell: Scalar): unknown {
  if (typeof cell === 'string') return wellFormed(cell) ? cell : undefined;
  return typeof cell === 'boolean' ? cell : integer(cell);
}

function converted(cell: Scalar, as: Native): unknown {
  const text = String(cell);
  switch (as) {
    case 'STRING':
      return wellFormed(text) ? text : undefined;
    case 'BOOLEAN':
      return typeof cell === 'boolean' ? cell : text === 'true' || text === 'false' ? text === 'true' : undefined;
    case 'INTEGER':
      return numeric(cell, integer);
    case 'FLOAT':
      return numeric(cell, (value) =>
        typeof value === 'number' || BigInt(Number(value)) === value ? Number(value) : undefined,
      );
    case 'OTHER':
      return undefined;
    default:
      return temporalText(text, as);
  }
}

/** Whole numbers are Integers, the others Floats. */
function integer(value: number | bigint): unknown {
  if (typeof value === 'number') return Number.isSafeInteger(value) && !Object.is(value, -0) ? BigInt(value) : value;
  return fitsInteger(value) ? value : undefined;
}

function numeric(cell: Scalar, as: (value: number | bigint) => unknown): unknown {
  if (typeof cell === 'number' || typeof cell === 'bigint') return as(cell);
  if (typeof cell === 'boolean') return as(cell ? 1 : 0);
  if (/^[+-]?\d{16,19}$/.test(cell)) return as(BigInt(cell));
  return /^[+-]?\d+(?:\.\d+)?(?:[eE][+-]?\d{1,3})?$/.test(cell) ? as(Number(cell)) : undefined;
}

const forms: Readonly<Partial<Record<Native, RegExp>>> = {
  DATE: /^\d{4}-\d\d-\d\d$/,
  'LOCAL DATETIME': /^\d{4}-\d\d-\d\dT\d\d:\d\d(:\d\d(\.\d{1,9})?)?$/,
  'ZONED DATETIME': /^\d{4}-\d\d-\d\dT\d\d:\d\d(:\d\d(\.\d{1,9})?)?(Z|[+-]\d\d:\d\d)?$/,
  'LOCAL TIME': /^\d\d:\d\d(:\d\d(\.\d{1,9})?)?$/,
  'ZONED TIME': /^\d\d:\d\d(:\d\d(\.\d{1,9})?)?(Z|[+-]\d\d:\d\d)?$/,
};

/** As Cypher reads it. */
function temporalText(text: string, as: Native): string | undefined {
  const said = text.replace(/^(\d{4}-\d\d-\d\d) /, '$1T');
  if (forms[as]!.test(said)) return said;
  if (!/^\d{4}-\d\d-\d\d$/.test(said)) return undefined;
  return as === 'LOCAL DATETIME' || as === 'ZONED DATETIME' ? `${said}T00:00:00` : undefined;
}
