/** What a mapping reads from: a table, file or collection; the distinct values of some columns; or one constant row. */

/**
 * A column of a relation; `path` reaches into a document (`['name', 'first']`), and is `[name]` in a table. A path that is that of
 * an array of `unwind` and the step `$place` is the place of the row's element in that array, from 0.
 */
export interface Column {
  readonly name: string;
  readonly path: readonly string[];
}

export interface TableRelation {
  readonly kind: 'table';
  /** Table, file stem (`patients` for patients.csv or patients.json) or collection. */
  readonly name: string;
  /** Names of the columns that together name a row natively. Values may repeat in a faulty source: the first row in native order counts. */
  readonly key: readonly string[];
  readonly columns: Readonly<Record<string, Column>>;
  /**
   * Paths of arrays, each within an element of the one before it: a row is then an element of the last, not a document. Paths go
   * through an element as if it stood in the place of its array (`unwind.ts` says which rows these are). Rows of one document are
   * in the order of their places. Only for adapters whose capabilities say `unwinds`.
   */
  readonly unwind?: readonly (readonly string[])[];
  /** The table has no key: its one key column is `$row` (numbered.ts), and equal rows are different ones. */
  readonly numbered?: true;
}

/** The distinct non-null, non-blank values of one or several columns, as one column that is its own key. */
export interface DistinctRelation {
  readonly kind: 'distinct';
  readonly name: string;
  readonly key: readonly [string];
  readonly columns: Readonly<Record<string, Column>>;
  readonly of: readonly { readonly table: TableRelation; readonly column: string }[];
}

/** A relation of exactly one row without columns: what the source is, rather than what it holds. */
export interface ConstantRelation {
  readonly kind: 'constant';
  readonly name: string;
  readonly key: readonly [];
  readonly columns: Readonly<Record<string, never>>;
}

export type Relation = TableRelation | DistinctRelation | ConstantRelation;
