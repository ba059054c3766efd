import type { Prefix } from '../query/query.js';
import type { Comparand, Expression, ExpressionType } from '../source/expression.js';
import type { Bracket } from './bracket.js';

/**
 * A question about one decoded value, as search puts it. Dates are asked by the range they cover (R4 search.html#date:
 * half-open, epoch milliseconds): the whole against a search value's (`range`), or one end alone; numbers by their exact
 * decimal text.
 */
export type ValueTest =
  | { readonly test: 'present' }
  | { readonly test: 'equals'; readonly text: string }
  | { readonly test: 'prefix' | 'contains'; readonly folded: string }
  | { readonly test: 'range'; readonly prefix: Prefix; readonly low: number; readonly high: number }
  | { readonly test: 'low' | 'high'; readonly than: 'lt' | 'le' | 'gt' | 'ge'; readonly at: number }
  | { readonly test: 'number'; readonly than: 'eq' | 'lt' | 'le' | 'gt' | 'ge'; readonly value: string };

/** A value that the column cannot hold; on a write it becomes a 422 that names the path. */
export class EncodeError extends Error {
  override readonly name = 'EncodeError';
}

/**
 * Between a column's value and a FHIR value, in both directions, with the inverse image that makes a search a native query.
 * No other part of a template may hold a function.
 *
 * Laws (tests/unit/mapping/codec-laws.test.ts): `decode(encode(v)) = v`, or the same moment with the offset of the source; `encode(decode(s), s) = s`;
 * `preimage(t).lo` selects only, and `.hi` at least, the values whose decoding passes `t`; `monotone` keeps the order.
 */
export interface Codec<T> {
  readonly kind: 'iso' | 'normalising' | 'lossy' | 'readonly';
  /** How the cell is read before `decode`. */
  readonly as: ExpressionType;
  /** FHIR type of the value, for search (`string`, `code`, `date`, `decimal`, `CodeableConcept` ...). */
  readonly type: string;
  /** What its functions close over: content versions and cursors change when it does. */
  readonly table?: unknown;
  /** The value where the column holds nothing; without it there is none. */
  readonly absent?: T;
  /** Undefined: the value says nothing. A value that cannot be decoded is undefined too, and is reported. */
  decode(value: Exclude<Comparand, null>): T | undefined;
  /** Keeps `previous` where it decodes to the same value. */
  encode(value: T, previous?: Comparand): Comparand | EncodeError;
  /** `of` is the column as this codec reads it. */
  preimage(test: ValueTest, of: Expression): Bracket;
  /** Which expression orders rows as the decoded values order (R4: strings folded, dates by range start); none: sorted after decoding. */
  order(of: Expression): Expression | undefined;
}
