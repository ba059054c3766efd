import type { Cell, Json } from '../../source/row.js';

/** A document as the driver reads it: 64-bit integers are bigint, other types of BSON objects with a `_bsontype`. */
export type Document = Readonly<Record<string, unknown>>;

/** A value of BSON that JavaScript has no own type for. A field of that name in a document is no such mark. */
interface Marked {
  readonly _bsontype: string;
  toString(): string;
}

/**
 * A value of BSON as a cell. Numbers are numbers, integers beyond 2^53 bigint, numbers that are none their name; Decimal128 is
 * its exact text, a date its ISO text with milliseconds, an ObjectId its 24 hexadecimal digits, a UUID its canonical text. What
 * has no text of its own (binary, regular expression, timestamp) is nested, as in Extended JSON.
 */
export function toCell(value: unknown): Cell {
  switch (typeof value) {
    case 'string':
    case 'boolean':
      return value;
    case 'number':
      return Number.isFinite(value) ? value + 0 : String(value);
    case 'bigint':
      return BigInt(Number(value)) === value && Number.isSafeInteger(Number(value)) ? Number(value) : value;
    case 'object':
      return value === null ? null : objectCell(value);
    default:
      return null;
  }
}

function objectCell(value: object): Cell {
  if (isDate(value)) return Number.isNaN(value.getTime()) ? null : value.toISOString();
  if (isMarked(value)) return markedCell(value);
  return plain(value) as Json;
}

/** Under a virtual machine's own globals a date is no instance of another's Date. */
function isDate(value: object): value is Date {
  return Object.prototype.toString.call(value) === '[object Date]';
}

function isMarked(value: object): value is Marked {
  return '_bsontype' in value && !Object.hasOwn(value, '_bsontype');
}

const uuid = 4;

function markedCell(value: Marked): Cell {
  switch (value._bsontype) {
    case 'ObjectId':
    case 'Decimal128':
      return value.toString();
    case 'Binary': {
      const {
        sub_type: kind,
        buffer,
        position,
      } = value as unknown as {
        readonly sub_type: number;
        readonly buffer: Uint8Array;
        readonly position: number;
      };
      const bytes = Buffer.from(buffer.buffer, buffer.byteOffset, position);
      if (kind !== uuid || position !== 16)
        return { $binary: { base64: bytes.toString('base64'), subType: kind.toString(16).padStart(2, '0') } };
      return bytes.toString('hex').replace(/^(.{8})(.{4})(.{4})(.{4})/, '$1-$2-$3-$4-');
    }
    case 'DBRef':
      return plain(reference(value)) as Json;
    default:
      return { [`$${value._bsontype.toLowerCase()}`]: String(value) };
  }
}

/** What the driver makes a DBRef of, as it is stored. */
function reference(value: object): Record<string, unknown> {
  const { collection, oid, db, fields } = value as unknown as {
    readonly collection: string;
    readonly oid: unknown;
    readonly db?: string;
    readonly fields?: Record<string, unknown>;
  };
  return { $ref: collection, $id: oid, ...(db !== undefined && { $db: db }), ...fields };
}

/** Inside a nested value an integer beyond 2^53 is its text, so that it stays JSON. */
function plain(value: unknown): unknown {
  if (typeof value === 'object' && value !== null && !isDate(value) && !isMarked(value)) {
    if (Array.isArray(value)) return value.map(plain);
    if (isPattern(value)) return { $regularexpression: String(value) };
    return Object.fromEntries(Object.entries(value).map(([name, inner]) => [name, plain(inner)]));
  }
  const cell = toCell(value);
  return typeof cell === 'bigint' ? String(cell) : cell;
}

function isPattern(value: object): boolean {
  return Object.prototype.toString.call(value) === '[object RegExp]';
}

/** The value at a path of a document, as BSON; undefined where there is nothing. An array is entered by a number alone. */
export function valueAt(document: unknown, path: readonly string[]): unknown {
  let value = document;
  for (const step of path) {
    if (typeof value !== 'object' || value === null || isDate(value)) return undefined;
    if (isMarked(value)) {
      if (value._bsontype !== 'DBRef') return undefined;
      value = reference(value);
    }
    if (!Object.hasOwn(value as object, step)) return undefined;
    if (Array.isArray(value) && !/^\d+$/.test(step)) return undefined;
    value = (value as Record<string, unknown>)[step];
  }
  return value;
}

/** The cell at a path of a document: null where there is nothing. */
export function cellAt(document: Document, path: readonly string[]): Cell {
  return toCell(path.length === 1 ? ownField(document, path[0]!) : valueAt(document, path));
}

function ownField(document: Document, name: string): unknown {
  return Object.hasOwn(document, name) ? document[name] : undefined;
}
