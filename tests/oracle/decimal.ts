import { Refused } from './refused.js';

/** `digits * 10^-scale`, exactly. */
export interface Decimal {
  readonly digits: bigint;
  readonly scale: number;
}

/** A number as it was written, and the half-open range its precision implies. */
export interface NumberRange {
  readonly value: Decimal;
  readonly low: Decimal;
  readonly high: Decimal;
}

const pattern = /^([+-]?\d+)(?:\.(\d+))?(?:[eE]([+-]?\d{1,3}))?$/;

/** Reads a decimal text, exponent allowed; undefined when it is none. */
export function decimal(text: string): Decimal | undefined {
  const match = pattern.exec(text);
  if (!match) return undefined;
  const fraction = match[2] ?? '';
  return normal(BigInt(match[1]! + fraction), fraction.length - Number(match[3] ?? 0));
}

export function compareDecimals(a: Decimal, b: Decimal): number {
  const scale = Math.max(a.scale, b.scale);
  const left = scaled(a, scale);
  const right = scaled(b, scale);
  return left < right ? -1 : left > right ? 1 : 0;
}

/**
 * A search number and its implicit range (R4 search.html#number): half a unit of the last digit on either side. A number
 * written with an exponent follows the page's own example, 1e2 = [95, 105): one digit finer than what is written.
 * `ap` widens the range by 10 % of the number's absolute value on either side.
 */
export function numberRange(text: string, approximate: boolean): NumberRange {
  const match = pattern.exec(text);
  const value = decimal(text);
  if (!match || !value) throw new Refused(`not a number: ${text}`);
  const exponent = Number(match[3] ?? 0);
  const place = (match[2]?.length ?? 0) - exponent + (exponent > 0 ? 1 : 0);
  const half = normal(5n, place + 1);
  const magnitude = value.digits < 0n ? -value.digits : value.digits;
  const widening = approximate ? add(half, normal(magnitude, value.scale + 1), 1n) : half;
  return { value, low: add(value, widening, -1n), high: add(value, widening, 1n) };
}

function add(a: Decimal, b: Decimal, sign: bigint): Decimal {
  const scale = Math.max(a.scale, b.scale);
  return { digits: scaled(a, scale) + sign * scaled(b, scale), scale };
}

function scaled(value: Decimal, scale: number): bigint {
  return scale === value.scale ? value.digits : value.digits * 10n ** BigInt(scale - value.scale);
}

/** Keeps the scale at or above zero, so that scaling only multiplies. */
function normal(digits: bigint, scale: number): Decimal {
  return scale < 0 ? { digits: digits * 10n ** BigInt(-scale), scale: 0 } : { digits, scale };
}
