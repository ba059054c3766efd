import type { TableRelation } from '../../source/relation.js';
import type { SqliteColumn } from './schema.js';

/** What all cells of a column have in common, as a survey of one state of the file found it. */
export interface ColumnFacts {
  /** Only null and text without white space at its ends: the text is its own value. */
  readonly trimmed: boolean;
  /** No text has a character beyond ASCII. */
  readonly ascii: boolean;
  /** Every cell is null or text of a date, of a date or a date and time. */
  readonly date: boolean;
  readonly dateTime: boolean;
  /** No text at all. */
  readonly numeric: boolean;
  /** The texts that have either, where they are few: each once, those that differ by case alone once together in a NOCASE index. */
  readonly odd?: readonly OddText[];
}

/** A text with characters beyond ASCII, or with white space at its ends. */
export interface OddText {
  readonly text: string;
  readonly trimmed: string;
  readonly folded: string;
}

/** Rows of repeated keys, by their cursor values joined with commas. */
export interface Repeated {
  /** Later rows of a key, which do not count. */
  readonly later: ReadonlySet<string>;
  /** First rows of a key that occurs again. */
  readonly first: ReadonlySet<string>;
}

/** What is known of the current state of the file; unknown is `undefined`. */
export interface Knowledge {
  readonly facts: (column: SqliteColumn) => ColumnFacts | undefined;
  /** Does the column hold a null? */
  readonly nulls: (column: SqliteColumn) => boolean;
  readonly repeated: (relation: TableRelation) => Repeated | undefined;
}
