import type { Comparand, Expression } from './expression.js';
import type { TableRelation } from './relation.js';

/**
 * What a table can answer. Every leaf is two-valued: it is false where its expression is null, so `not` needs no third value.
 *
 * Orders: text, fold, date, dateTime and instant compare by Unicode code point (UTF-8 binary order); integer and decimal by value.
 */
export type Selection =
  | { readonly op: 'true' }
  | { readonly op: 'false' }
  | { readonly op: 'and' | 'or'; readonly of: readonly Selection[] }
  | { readonly op: 'not'; readonly of: Selection }
  | { readonly op: 'present'; readonly of: Expression }
  | { readonly op: 'compare'; readonly of: Expression; readonly test: Test; readonly value: Comparand }
  | { readonly op: 'in'; readonly of: Expression; readonly values: readonly Comparand[] }
  | { readonly op: 'prefix' | 'contains'; readonly of: Expression; readonly value: string }
  | { readonly op: 'exists'; readonly relation: TableRelation; readonly on: On; readonly where: Selection };

/** A question about one column. */
export type Leaf = Extract<Selection, { readonly of: Expression }>;

export type Test = 'eq' | 'lt' | 'le' | 'gt' | 'ge';

/** Equality of columns: inner column -> outer column, compared as `raw`; null equals nothing. */
export type On = Readonly<Record<string, string>>;

export const TRUE: Selection = { op: 'true' };
export const FALSE: Selection = { op: 'false' };

export function and(...of: readonly Selection[]): Selection {
  const parts: Selection[] = [];
  for (const part of of) {
    if (part.op === 'false') return FALSE;
    if (part.op === 'and') parts.push(...part.of);
    else if (part.op !== 'true') parts.push(part);
  }
  return parts.length === 0 ? TRUE : parts.length === 1 ? parts[0]! : { op: 'and', of: parts };
}

export function or(...of: readonly Selection[]): Selection {
  const parts: Selection[] = [];
  for (const part of of) {
    if (part.op === 'true') return TRUE;
    if (part.op === 'or') parts.push(...part.of);
    else if (part.op !== 'false') parts.push(part);
  }
  return parts.length === 0 ? FALSE : parts.length === 1 ? parts[0]! : { op: 'or', of: parts };
}

/** Does it ask anything of a column of the row? */
export function mentions(selection: Selection, column: string): boolean {
  switch (selection.op) {
    case 'and':
    case 'or':
      return selection.of.some((one) => mentions(one, column));
    case 'not':
      return mentions(selection.of, column);
    case 'exists':
      return Object.values(selection.on).includes(column);
    case 'true':
    case 'false':
      return false;
    default:
      return selection.of.column === column;
  }
}

/** Is it asked of the row alone, and of no related one? */
export function isOfOneRow(selection: Selection): boolean {
  switch (selection.op) {
    case 'and':
    case 'or':
      return selection.of.every(isOfOneRow);
    case 'not':
      return isOfOneRow(selection.of);
    default:
      return selection.op !== 'exists';
  }
}

export function not(of: Selection): Selection {
  if (of.op === 'true') return FALSE;
  if (of.op === 'false') return TRUE;
  return of.op === 'not' ? of.of : { op: 'not', of };
}
