import type { Expression } from './expression.js';
import type { Relation, TableRelation } from './relation.js';
import type { Cell, Row } from './row.js';
import type { On, Selection } from './selection.js';

/** The contract an adapter keeps. Adapters know no FHIR. */

/** A cell of a result row: a column, whether a related row exists (1 or 0), or the related rows themselves (array of rows). */
export type Output =
  | { readonly kind: 'column'; readonly column: string }
  | { readonly kind: 'exists'; readonly relation: TableRelation; readonly on: On }
  | {
      readonly kind: 'rows';
      readonly relation: TableRelation;
      readonly on: On;
      readonly columns: readonly string[];
      readonly order: readonly OrderTerm[];
    };

/** Null sorts last in both directions. `fold`, `text`, `date`: code point order; `raw`: code point order of text, value order of numbers. */
export interface OrderTerm {
  readonly of: Expression;
  readonly direction: 'asc' | 'desc';
}

/**
 * A place in the order: the values of a prefix of the order terms (null = missing). Rows strictly after it, or from it on
 * when `inclusive`. With a full-length position the row itself is named, with a shorter one a whole tie.
 */
export interface Position {
  readonly values: readonly Exclude<Cell, object>[];
  readonly inclusive: boolean;
}

export interface Scan {
  readonly relation: Relation;
  readonly output: readonly Output[];
  readonly where: Selection;
  /** Empty, or total: ends with the key columns (`as: 'raw'`). */
  readonly order: readonly OrderTerm[];
  readonly after?: Position;
  readonly limit?: number;
}

/** One statement as the database sees it, for `explain`; values are bound, never written into the text. */
export interface NativeQuery {
  readonly text: string;
  readonly values: readonly unknown[];
  /** What the database says of it: an index search, or a scan of every row. */
  readonly access: 'key' | 'index' | 'scan';
  readonly index?: string;
  /** Its own EXPLAIN, line by line; absent where it has none. Not for logs: bound values may stand in it. */
  readonly plan?: readonly string[];
}

/** What an adapter takes of a scan. A conjunct it cannot take, or takes only as a superset, is named in `inexact`. */
export interface Narrowed {
  /** The scan it will run: selects at least every row of the one that was asked. */
  readonly scan: Scan;
  /** For each conjunct offered: does the pushed part select exactly its rows? */
  readonly exact: readonly boolean[];
  readonly orderGuaranteed: boolean;
  readonly limitGuaranteed: boolean;
}

/** Names semantics; tests hold each to be true, and not used when false. */
export interface Capabilities {
  /** Selection operators by expression type that are pushed exactly. */
  readonly exact: (selection: Selection) => boolean;
  /** Expressions the database itself can order by. */
  readonly orders: (of: Expression) => boolean;
  /**
   * A column as an index of this database names it, with a collation where that matters, that finds values of an expression;
   * undefined where no plain index does. Absent: by its name alone. `live`: what is known of the column, if anything.
   */
  readonly indexOn?: (of: Expression, name: string, live: LiveColumn | undefined) => string | undefined;
  readonly count: boolean;
  /** Are elements of arrays rows (`TableRelation.unwind`)? */
  readonly unwinds?: true;
  /** The longest list that `in` takes. */
  readonly maxIn: number;
  /**
   * Columns of one declared type hold cells of one kind: never a number in the one and its text in the other. Then cells are
   * equal as `raw` exactly when their texts are.
   */
  readonly typed?: boolean;
}

/** What tells that an answer is no longer waited for. An AbortSignal is one. */
export interface Stop {
  readonly aborted: boolean;
  addEventListener(type: 'abort', listener: () => void): void;
}

export interface Call {
  readonly signal: Stop;
  /** Milliseconds of `performance.now()` after which the answer is no longer wanted. */
  readonly deadline: number;
}

export interface Batch {
  readonly rows: readonly Row[];
  /** Positions in `rows` of rows whose native key occurs again later in native order (the later ones are left out). */
  readonly duplicates?: readonly number[];
}

export interface LiveColumn {
  readonly name: string;
  readonly type: string;
  readonly nullable: boolean;
  /** What its texts are compared by, as the database names it. */
  readonly collation?: string;
}

export interface LiveTable {
  readonly name: string;
  readonly columns: readonly LiveColumn[];
  readonly uniqueKeys: readonly (readonly string[])[];
  readonly indexes: readonly { readonly name: string; readonly columns: readonly string[]; readonly unique: boolean }[];
}

/**
 * Cells by the names of the relation's columns. A text stands for whatever the column makes of it; a number, boolean or null for
 * itself. A writer gives a cell that replaces another the native type that this one had.
 */
export type Cells = Readonly<Record<string, Cell>>;

export type Change = 'insert' | 'update' | 'delete';

/** Rows as one native transaction sees them: its own changes among them, and of others' none that came after it began. */
export interface Transaction {
  /** The row of a key, kept from other writers until the transaction ends; undefined when there is none. */
  get(relation: TableRelation, output: readonly Output[], key: readonly Cell[]): Promise<Row | undefined>;
  /**
   * Adds a row and gives its key. `cells` holds the key, or the source assigns it.
   * @throws {Fault} `duplicate`, `constraint`
   */
  insert(relation: TableRelation, cells: Cells): Promise<readonly Cell[]>;
  /**
   * Changes the columns named in `cells`, no other, of the row whose columns hold what `before` says they do. False when the row
   * has gone or holds something else by now.
   * @throws {Fault} `duplicate`, `constraint`
   */
  update(relation: TableRelation, key: readonly Cell[], before: Cells, cells: Cells): Promise<boolean>;
  /** As `update`. */
  delete(relation: TableRelation, key: readonly Cell[], before: Cells): Promise<boolean>;
}

export interface Writing {
  /** Changes last as they are made, and are taken back one by one: what is left of a writer that was killed may be a part. */
  readonly atOnce?: boolean;
  /** Can rows of the relation be changed so? */
  can(relation: TableRelation, change: Change): boolean;
  /**
   * Runs `work` and makes its changes lasting when it succeeds: all of them, or none when it throws or the source goes away. Two at
   * a time never change the same row: one waits, or fails with `source-busy`. `work` is run again where the source asks for it.
   * @throws {Fault} what `work` threw; one of `sourceFaultCodes`; `in-doubt` when the source went away while it was told to keep the changes
   */
  transaction<T>(call: Call, work: (transaction: Transaction) => Promise<T>): Promise<T>;
}

export interface Adapter {
  readonly capabilities: Capabilities;
  /** Absent: it is only read. */
  readonly writing?: Writing;
  /**
   * Takes what it can answer. `conjuncts` are ANDed; pure and cheap, uses what is known of the live schema.
   */
  narrow(scan: Omit<Scan, 'where'>, conjuncts: readonly Selection[]): Narrowed;
  /**
   * Runs a narrowed scan. Rows come in the order asked if it was guaranteed; duplicates of a native key are left out after
   * the first in native order, before `where` is applied. Stops within 100 ms of an abort; throws Fault `cancelled`,
   * or one of `sourceFaultCodes`.
   */
  scan(scan: Scan, call: Call): AsyncIterable<Batch>;
  /**
   * The whole answer of a narrowed scan with a limit, as `scan` gives it, when it is had at once: within milliseconds, without
   * waiting for anything. Undefined: it is not, or something has to be found out or reported first; then `scan` is asked.
   */
  scanAtOnce?(scan: Scan): Batch | undefined;
  /** The row of one native key (values of `relation.key`, in order), or undefined. */
  get(relation: Relation, output: readonly Output[], key: readonly Cell[], call: Call): Batch | Promise<Batch>;
  count(relation: Relation, where: Selection, call: Call): Promise<number>;
  explain(scan: Scan): Promise<readonly NativeQuery[]>;
  describe(call: Call): Promise<readonly LiveTable[]>;
  /** Keys that occur more than once in a relation, at most `limit`. */
  duplicateKeys(relation: TableRelation, limit: number, call: Call): Promise<readonly Row[]>;
  close(): Promise<void>;
}

/** What an adapter's `open<Kind>` gets from the configuration. Opening never fails because the source is away: each call reports it. */
export interface SourceLocation {
  readonly name: string;
  readonly location: string;
  readonly encoding?: string;
  readonly timeoutMs: number;
}
