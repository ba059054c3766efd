import { Fault } from '../../errors/fault.js';
import type { Cell } from '../../source/row.js';
import type { Document } from './cell.js';
import { Decimal128, Double, Int32, Long, ObjectId, UUID } from './driver.js';

/** Values as they are stored: numbers of three kinds are told apart, which a document that is only read does not need. */

/** A type of BSON that a cell can be written in. */
export type Native =
  | 'text'
  | 'boolean'
  | 'int'
  | 'long'
  | 'double'
  | 'decimal'
  | 'date'
  | 'objectId'
  | 'uuid'
  /** Nested, or of a type that has no text: no cell replaces it. */
  | 'other';

interface Marked {
  readonly _bsontype: string;
  readonly value?: unknown;
  readonly sub_type?: number;
  toBigInt(): bigint;
}

/** The type of a stored value; undefined where there is nothing. */
export function nativeOf(value: unknown): Native | undefined {
  if (value === null || value === undefined) return undefined;
  if (typeof value === 'string') return 'text';
  if (typeof value === 'boolean') return 'boolean';
  if (Object.prototype.toString.call(value) === '[object Date]') return 'date';
  switch (mark(value)) {
    case 'Int32':
      return 'int';
    case 'Long':
      return 'long';
    case 'Double':
      return 'double';
    case 'Decimal128':
      return 'decimal';
    case 'ObjectId':
      return 'objectId';
    case 'BSONSymbol':
      return 'text';
    case 'Binary':
      return (value as Marked).sub_type === 4 ? 'uuid' : 'other';
    default:
      return 'other';
  }
}

/** A stored document, or a value in one, as a reader has it. */
export function read(value: unknown): unknown {
  if (typeof value !== 'object' || value === null) return value;
  if (Array.isArray(value)) return value.map(read);
  switch (mark(value)) {
    case 'Int32':
    case 'Double':
    case 'BSONSymbol':
      return (value as Marked).value;
    case 'Long':
      return (value as Marked).toBigInt();
    case undefined:
      if (Object.prototype.toString.call(value) !== '[object Object]') return value;
      return Object.fromEntries(Object.entries(value).map(([name, inner]) => [name, read(inner)]));
    default:
      return value;
  }
}

export function readDocument(stored: Document): Document {
  return read(stored) as Document;
}

/** A mark is of the type, not of the document: a field may have its name. */
function mark(value: unknown): string | undefined {
  const marked = value as Marked;
  return '_bsontype' in marked && !Object.hasOwn(marked, '_bsontype') ? marked._bsontype : undefined;
}

/**
 * A cell as a value of a type; without one, of its own.
 * @throws {Fault} `constraint` where the type has no such value
 */
export function stored(cell: Cell, as: Native | undefined): unknown {
  if (cell === null) return null;
  const value = typeof cell === 'object' ? undefined : as === undefined ? plainly(cell) : converted(cell, as);
  if (value === undefined)
    throw new Fault('constraint', 'The source keeps values of another type where this one belongs');
  return value;
}

function plainly(cell: string | number | bigint | boolean): unknown {
  if (typeof cell === 'bigint') return long(cell);
  return typeof cell === 'number' ? number(cell) : wellFormed(cell);
}

function converted(cell: string | number | bigint | boolean, as: Native): unknown {
  const text = String(cell);
  switch (as) {
    case 'text':
      return wellFormed(text);
    case 'boolean':
      return typeof cell === 'boolean' ? cell : text === 'true' || text === 'false' ? text === 'true' : undefined;
    case 'int':
      return numeric(cell, number);
    case 'long':
      return numeric(cell, (value) =>
        typeof value === 'bigint' || Number.isInteger(value) ? long(value) : new Double(value),
      );
    case 'double':
      return numeric(cell, (value) =>
        Number.isSafeInteger(Number(value)) || typeof value === 'number' ? new Double(Number(value)) : undefined,
      );
    case 'decimal':
      return decimal(text);
    case 'date':
      return date(text);
    case 'objectId':
      return /^[0-9a-f]{24}$/i.test(text) ? new ObjectId(text) : undefined;
    case 'uuid':
      return /^[0-9a-f]{8}-(?:[0-9a-f]{4}-){3}[0-9a-f]{12}$/i.test(text) ? new UUID(text) : undefined;
    case 'other':
      return undefined;
  }
}

function numeric(cell: string | number | bigint | boolean, as: (value: number | bigint) => unknown): unknown {
  if (typeof cell === 'number' || typeof cell === 'bigint') return as(cell);
  if (typeof cell === 'boolean') return as(cell ? 1 : 0);
  if (/^[+-]?\d{16,19}$/.test(cell)) return as(BigInt(cell));
  return /^[+-]?\d+(?:\.\d+)?(?:[eE][+-]?\d{1,3})?$/.test(cell) ? as(Number(cell)) : undefined;
}

/** An Int32 where it is one, a Long where it is whole, or else a Double. */
function number(value: number | bigint): unknown {
  if (typeof value === 'number' && !Number.isSafeInteger(value)) return new Double(value);
  return BigInt.asIntN(32, BigInt(value)) === BigInt(value) ? new Int32(Number(value)) : long(value);
}

function long(value: number | bigint): unknown {
  const whole = BigInt(value);
  return BigInt.asIntN(64, whole) === whole ? Long.fromBigInt(whole) : undefined;
}

/** Half a character cannot be stored. */
function wellFormed(value: string | boolean): unknown {
  return typeof value === 'string' && /\p{Surrogate}/u.test(value) ? undefined : value;
}

function decimal(text: string): unknown {
  if (!/^[+-]?\d+(?:\.\d+)?(?:[eE][+-]?\d{1,4})?$/.test(text) || text.length > 50) return undefined;
  try {
    return Decimal128.fromString(text);
  } catch {
    return undefined;
  }
}

/** A date, or a date and time; of UTC where it does not say otherwise. */
function date(text: string): Date | undefined {
  const match = /^(\d{4}-\d\d-\d\d)(?:[T ](\d\d:\d\d(?::\d\d(?:\.\d+)?)?)(Z|[+-]\d\d:\d\d)?)?$/.exec(text);
  if (!match) return undefined;
  const [, day, time = '00:00', zone = 'Z'] = match;
  const midnight = new Date(`${day}T00:00:00Z`);
  if (Number.isNaN(midnight.getTime()) || !midnight.toISOString().startsWith(day!)) return undefined;
  const at = new Date(`${day}T${time}${zone}`);
  return Number.isNaN(at.getTime()) ? undefined : at;
}
