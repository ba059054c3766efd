import { Decimal } from '../fhir/decimal.js';
import { compareDecimal, decimalText } from '../source/decimal.js';
import { isObject } from './json-copy.js';

/** RFC 6902 section 4.6: numbers by value (`1.50` is `1.5`), texts by code points, arrays in order, objects by members. */
export function equalJson(a: unknown, b: unknown): boolean {
  if (isNumber(a) && isNumber(b)) return equalNumbers(String(a), String(b));
  if (Array.isArray(a)) return Array.isArray(b) && a.length === b.length && a.every((item, i) => equalJson(item, b[i]));
  if (!isObject(a)) return a === b;
  if (!isObject(b)) return false;
  const names = Object.keys(a);
  return (
    names.length === Object.keys(b).length &&
    names.every((name) => Object.hasOwn(b, name) && equalJson(a[name], b[name]))
  );
}

const isNumber = (value: unknown): value is number | Decimal => typeof value === 'number' || value instanceof Decimal;

function equalNumbers(a: string, b: string): boolean {
  const [x, y] = [decimalText(a), decimalText(b)];
  return x !== undefined && y !== undefined ? compareDecimal(x, y) === 0 : a === b;
}
