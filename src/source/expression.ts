import type { Cell } from './row.js';

/**
 * A column read as a value. The expression is null when the cell is null, blank (only white space, space.ts), one of `absent`
 * (compared after trimming), or not a value of `as`. `evaluate` in evaluate.ts is its reference meaning; an adapter that
 * pushes an expression must give the same.
 *
 * | as      | value |
 * | ---     | --- |
 * | text    | the text, trimmed of white space at both ends; a number or boolean of a typeless store as its text |
 * | fold    | `fold(text)` of text/fold.ts: without case and accents |
 * | date    | text `YYYY`, `YYYY-MM` or `YYYY-MM-DD` of a day that exists (year 0001-9999); a time after `T` or blank is not a date |
 * | dateTime| text `YYYY-MM-DD[T ]hh:mm[:ss[.fff]]` with or without offset, or a date; the text itself, trimmed |
 * | instant | text `YYYY-MM-DD[T ]hh:mm:ss[.fff]` with `Z` or `+00:00` behind it: a moment of UTC; the text itself, trimmed |
 * | integer | whole number that fits 64 bits |
 * | decimal | number, or text of a number (`-?\d+(\.\d+)?([eE][+-]?\d+)?`); its exact decimal text |
 * | boolean | boolean, 0/1, `true`/`false`, `yes`/`no` in any case |
 * | raw     | the cell itself (ids, keys: no trimming, exact type) |
 */
export interface Expression {
  readonly column: string;
  readonly as: ExpressionType;
  /** Only the `index`-th of exactly `count` pieces of the text cut at `separator`; null when the text has another number of pieces. */
  readonly part?: { readonly separator: string; readonly count: number; readonly index: number };
  /** Texts that say "nothing" in this source (`N/A`, `None`, `0000-00-00`). */
  readonly absent?: readonly string[];
}

export type ExpressionType =
  | 'text'
  | 'fold'
  | 'date'
  | 'dateTime'
  | 'instant'
  | 'integer'
  | 'decimal'
  | 'boolean'
  | 'raw';

/** A value to compare with: text for text, fold (already folded), date, dateTime and decimal (decimal text); bigint or number for integer. */
export type Comparand = Exclude<Cell, object>;
