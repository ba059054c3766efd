import { compareDecimal, decimalText } from './decimal.js';
import type { Comparand, ExpressionType } from './expression.js';
import { compareText } from './fold.js';

type Value = Exclude<Comparand, null>;

/**
 * A comparand in the one form its expression type compares by (bigint for integer, plain decimal text for decimal); null when
 * no cell read as that type can be equal to, less or greater than it.
 */
export function comparand(as: ExpressionType, value: Comparand): Comparand {
  if (value === null || as === 'raw') return value;
  if (as === 'boolean') return typeof value === 'boolean' ? value : null;
  if (as === 'integer') {
    if (typeof value === 'bigint') return value;
    return typeof value === 'number' && Number.isInteger(value) ? BigInt(value) : null;
  }
  if (as === 'decimal') return typeof value === 'boolean' ? null : (decimalText(String(value)) ?? null);
  return typeof value === 'string' ? value : null;
}

/** Order of two values of one expression type. `raw`: booleans, then numbers by value, then text by code point. */
export function compareValues(as: ExpressionType, a: Value, b: Value): number {
  if (typeof a === 'string' && typeof b === 'string')
    return as === 'decimal' ? compareDecimal(a, b) : compareText(a, b);
  const kinds = kind(a) - kind(b);
  if (kinds !== 0) return kinds;
  return a < b ? -1 : a > b ? 1 : 0;
}

/** Are the two of kinds that compare at all? A number of a typeless store is neither equal to, nor less than, a text. */
export function sameKind(a: Value, b: Value): boolean {
  return kind(a) === kind(b);
}

/** As `compareValues`, null last in both directions. */
export function compareNullsLast(as: ExpressionType, direction: 'asc' | 'desc', a: Comparand, b: Comparand): number {
  if (a === null || b === null) return a === b ? 0 : a === null ? 1 : -1;
  const order = compareValues(as, a, b);
  return direction === 'asc' ? order : -order;
}

function kind(value: Value): number {
  return typeof value === 'boolean' ? 0 : typeof value === 'string' ? 2 : 1;
}
