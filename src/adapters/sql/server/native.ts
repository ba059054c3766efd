import { isDate, isDateTime } from '../../../source/calendar.js';
import { comparand } from '../../../source/compare.js';
import { compareDecimal, decimalText } from '../../../source/decimal.js';
import type { Comparand, Expression } from '../../../source/expression.js';
import type { Test } from '../../../source/selection.js';
import type { Column, Kind } from './column.js';

/**
 * Does the column's own order put the expression's values in order? Then it is compared as what it is, and its index is used.
 * Null, and what the vendor's `proper` excludes, has no value.
 */
export function ordersItself({ live: { kind, unsigned } }: Column, { as, part, absent }: Expression): boolean {
  if (as !== 'raw' && (part || absent?.some((text) => mayHold(kind, text)))) return false;
  switch (kind) {
    case 'integer':
      return (as === 'integer' && !unsigned) || as === 'decimal' || as === 'raw';
    case 'decimal':
      return as === 'decimal';
    case 'float':
      return as === 'decimal' || as === 'raw';
    case 'boolean':
      return as === 'boolean' || as === 'raw';
    case 'date':
      return as === 'date' || as === 'dateTime';
    case 'dateTime':
      return as === 'dateTime';
    case 'instant':
      return as === 'dateTime' || as === 'instant';
    case 'uuid':
      return as === 'raw';
    default:
      return false;
  }
}

/** May a cell of the kind be that text? What says "nothing" is mostly no value of a column's own type, and is in none of its cells. */
function mayHold(kind: Kind, text: string): boolean {
  switch (kind) {
    case 'integer':
    case 'decimal':
    case 'float':
      return decimalText(text) !== undefined;
    case 'date':
    case 'dateTime':
    case 'instant':
      return isDateTime(text);
    default:
      return true;
  }
}

/** A comparison with the column itself that says the same; `whole` false: that selects those rows, and more. */
export interface NativeTest {
  readonly test: Test;
  readonly value: string;
  readonly kind: Kind;
  readonly whole: boolean;
}

/** As its text is written, which orders as it does. */
const uuid = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;

const int64 = (value: bigint) => BigInt.asIntN(64, value) === value;

/** `none`: no value of the column passes; undefined: it cannot be said natively. */
export function nativeTest(
  { live: { kind } }: Column,
  { as }: Expression,
  test: Test,
  value: Comparand,
): NativeTest | 'none' | undefined {
  const wanted = comparand(as, value);
  if (wanted === null) return 'none';
  switch (kind) {
    case 'boolean':
      return typeof wanted === 'boolean' ? { test, value: String(wanted), kind, whole: true } : 'none';
    case 'integer':
    case 'decimal':
      if (as === 'raw' && (typeof wanted === 'string' || typeof wanted === 'boolean')) return 'none';
      return number(test, String(wanted), kind);
    case 'float':
      return as === 'raw' ? float(test, wanted) : near(test, String(wanted));
    case 'date':
      return typeof wanted === 'string' ? ofDay(test, wanted) : 'none';
    case 'dateTime':
    case 'instant':
      return typeof wanted === 'string' ? ofMoment(test, wanted, kind) : 'none';
    case 'uuid':
      if (typeof wanted !== 'string' || (test === 'eq' && !uuid.test(wanted))) return 'none';
      return uuid.test(wanted) ? { test, value: wanted, kind, whole: true } : undefined;
    default:
      return undefined;
  }
}

function number(test: Test, value: string, kind: 'integer' | 'decimal'): NativeTest {
  const whole = kind === 'integer' && /^-?\d{1,19}$/.test(value) && int64(BigInt(value));
  return { test, value, kind: whole ? 'integer' : 'decimal', whole: true };
}

function float(test: Test, wanted: Exclude<Comparand, null>): NativeTest | 'none' {
  if (typeof wanted === 'string' || typeof wanted === 'boolean') return 'none';
  return { test, value: String(Number(wanted)), kind: 'float', whole: true };
}

/** A decimal lies at a double, as its shortest text says it, or between two: then the nearest one bounds it. */
function near(test: Test, value: string): NativeTest | undefined {
  const double = Number(value);
  if (!Number.isFinite(double)) return undefined;
  if (compareDecimal(decimalText(String(double))!, value) === 0)
    return { test, value: String(double), kind: 'float', whole: true };
  const reach = { eq: 'eq', lt: 'le', le: 'le', gt: 'ge', ge: 'ge' } as const;
  return { test: reach[test], value: String(double), kind: 'float', whole: false };
}

/** The texts `YYYY-MM-DD` of a column, against any text. */
function ofDay(test: Test, value: string): NativeTest | 'none' | undefined {
  const day = (at: string, as: Test): NativeTest => ({ test: as, value: at, kind: 'date', whole: true });
  if (isDate(value)) {
    if (value.length === 10) return day(value, test);
    return test === 'eq' ? 'none' : day(firstDay(value), test === 'gt' || test === 'ge' ? 'ge' : 'lt');
  }
  const begun = value.slice(0, 10);
  if (value.length <= 10 || !isDate(begun) || begun.length < 10) return undefined;
  return test === 'eq' ? 'none' : day(begun, test === 'gt' || test === 'ge' ? 'gt' : 'le');
}

/** The texts `YYYY-MM-DD hh:mm:ss[.f]` of a column (behind them `+00:00` if they are instants), against any text. */
function ofMoment(test: Test, value: string, kind: 'dateTime' | 'instant'): NativeTest | 'none' | undefined {
  const at = (moment: string, as: Test, whole: boolean): NativeTest => ({ test: as, value: moment, kind, whole });
  if (isDate(value)) {
    if (test === 'eq') return 'none';
    return at(
      `${value.length === 10 ? value : firstDay(value)} 00:00:00`,
      test === 'gt' || test === 'ge' ? 'ge' : 'lt',
      true,
    );
  }
  const match = /^(\d{4}-\d\d-\d\d)[T ]/.exec(value);
  if (!match || !isDate(match[1]!)) return undefined;
  const from = test === 'gt' || test === 'ge';
  // Every text of that day comes before, since it has a blank there; and an instant's before its own with the offset.
  if (value[10] === 'T') return test === 'eq' ? 'none' : at(`${match[1]} 23:59:59.999999`, from ? 'gt' : 'le', true);
  if (kind === 'instant' && /^.{10} \d\d:\d\d:\d\d$/.test(value) && realTime(value))
    return test === 'eq' ? 'none' : at(value, from ? 'ge' : 'lt', true);
  const own = kind === 'instant' ? /\+00:00$/ : /$/;
  const plain = value.replace(own, '');
  const written = own.test(value) && /^.{10} \d\d:\d\d:\d\d(\.\d{0,5}[1-9])?$/.test(plain) && realTime(plain);
  if (written) return at(plain, test, true);
  const day = match[1]!;
  if (from) return at(`${day} 00:00:00`, 'ge', false);
  if (test === 'eq') return undefined;
  return at(`${day} 23:59:59.999999`, 'le', false);
}

const realTime = (moment: string) =>
  Number(moment.slice(11, 13)) < 24 && Number(moment.slice(14, 16)) < 60 && Number(moment.slice(17, 19)) < 60;

function firstDay(partial: string): string {
  return `${partial}-01-01`.slice(0, 10);
}
