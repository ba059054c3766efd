import type { Cell } from '../../source/row.js';
import { space } from '../../source/space.js';
import { Decimal128, ObjectId, UUID } from './driver.js';

const int64 = { low: -(2n ** 63n), high: 2n ** 63n - 1n };

/** Every value of BSON whose cell may be this one (`toCell`): a text may be that of a number, a date, an id. */
export function nativeValues(cell: Cell): readonly unknown[] {
  if (typeof cell === 'string') return [cell, ...othersOfText(cell)];
  if (typeof cell === 'bigint') return fits(cell) ? [cell] : [];
  return cell === null || typeof cell === 'object' ? [] : [cell];
}

/** Every value of BSON but text whose cell's text may be this. */
export function othersOfText(text: string): readonly unknown[] {
  const values: unknown[] = [];
  if (text === 'true' || text === 'false') return [text === 'true'];
  const number = Number(text);
  if (String(number) === text) values.push(number);
  if (/^-?\d{16,19}$/.test(text) && fits(BigInt(text))) values.push(BigInt(text));
  if (/^-?(?:\d|NaN$|Infinity$)/.test(text)) {
    const decimal = decimalOf(text);
    if (decimal) values.push(decimal);
    const date = dateOf(text);
    if (date) values.push(date);
  } else if (text.startsWith('+')) {
    const date = dateOf(text);
    if (date) values.push(date);
  }
  if (/^[0-9a-f]{24}$/.test(text)) values.push(new ObjectId(text));
  if (/^[0-9a-f]{8}-(?:[0-9a-f]{4}-){3}[0-9a-f]{12}$/.test(text)) values.push(new UUID(text));
  return values;
}

function fits(value: bigint): boolean {
  return value >= int64.low && value <= int64.high;
}

function decimalOf(text: string): unknown {
  if (text.length > 50 || [...space].some((one) => text.includes(one))) return undefined;
  try {
    return Decimal128.fromString(text);
  } catch {
    return undefined;
  }
}

function dateOf(text: string): Date | undefined {
  if (!/^(?:\d{4}|[+-]\d{6})-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/.test(text)) return undefined;
  const date = new Date(text);
  return !Number.isNaN(date.getTime()) && date.toISOString() === text ? date : undefined;
}
