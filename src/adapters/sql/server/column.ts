import type { SqlColumn } from '../dialect.js';

/**
 * What a column's own type is, whatever a vendor calls it. `dateTime` has no offset, `instant` is read in UTC; `float` is a
 * double, `single` is not; `decimal` is exact. `opaque` is all else: its text is what counts.
 */
export type Kind =
  | 'text'
  | 'integer'
  | 'decimal'
  | 'float'
  | 'single'
  | 'boolean'
  | 'date'
  | 'dateTime'
  | 'instant'
  | 'uuid'
  | 'opaque';

export interface ServerColumn {
  readonly name: string;
  /** The vendor's own word. */
  readonly type: string;
  readonly kind: Kind;
  readonly nullable: boolean;
  /** It is the first column of an index. */
  readonly leads: boolean;
  /** The column's own `=` and `<` are those of `raw`: texts differ when their code points do, and so are ordered. */
  readonly plainEqual: boolean;
  readonly plainOrder: boolean;
  /** An index that begins with it holds its texts by code point, though `<` does not: by a collation of its own, or by operators. */
  readonly pointIndex?: 'collation' | 'operators';
  /** What its texts are compared by, and written in, as the vendor names it. */
  readonly collation?: string;
  readonly charset?: string;
  /** The longest text, in characters. */
  readonly length?: number;
  /** It may hold whole numbers beyond 64 bits with a sign. */
  readonly unsigned?: boolean;
}

export type Column = SqlColumn<ServerColumn>;
