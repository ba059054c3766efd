import { isDate, isDateTime, isInstant } from './calendar.js';
import { decimalText } from './decimal.js';
import type { Comparand, Expression, ExpressionType } from './expression.js';
import { fold } from './fold.js';
import type { Cell } from './row.js';
import { trim } from './space.js';

export type Evaluate = (cell: Cell) => Comparand;

/** The reference meaning of an expression, as a function of its column's cell. Decoding and every adapter agree with it. */
export function evaluator(expression: Expression): Evaluate {
  const { as, part, absent } = expression;
  if (as === 'raw') return (cell) => (typeof cell === 'object' ? null : cell);
  const convert = conversions[as];
  if (!part && (!absent || absent.length === 0)) {
    return (cell) => {
      const text = cellText(cell);
      return text === null ? null : convert(text);
    };
  }
  const nothing = new Set(absent);
  return (cell) => {
    let text = cellText(cell);
    if (text === null || nothing.has(text)) return null;
    if (part) {
      const pieces = text.split(part.separator);
      if (pieces.length !== part.count) return null;
      text = trim(pieces[part.index]!);
      if (text === '' || nothing.has(text)) return null;
    }
    return convert(text);
  };
}

/** The text of a cell, trimmed; null for null, blank and nested values. */
export function cellText(cell: Cell): string | null {
  if (typeof cell === 'string') {
    const text = trim(cell);
    return text === '' ? null : text;
  }
  if (cell === null || typeof cell === 'object') return null;
  return String(cell);
}

const int64 = { low: -(2n ** 63n), high: 2n ** 63n - 1n };

const conversions: Record<Exclude<ExpressionType, 'raw'>, (text: string) => Comparand> = {
  text: (text) => text,
  fold,
  date: (text) => (isDate(text) ? text : null),
  dateTime: (text) => (isDateTime(text) ? text : null),
  instant: (text) => (isInstant(text) ? text : null),
  integer: (text) => {
    if (!/^[+-]?\d{1,19}$/.test(text)) return null;
    const value = BigInt(text);
    return value >= int64.low && value <= int64.high ? value : null;
  },
  decimal: (text) => decimalText(text) ?? null,
  boolean: (text) => booleans.get(text.toLowerCase()) ?? null,
};

const booleans = new Map<string, boolean>([
  ['1', true],
  ['true', true],
  ['yes', true],
  ['0', false],
  ['false', false],
  ['no', false],
]);
