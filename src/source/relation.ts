/** What a mapping reads from: a table, file or collection; the distinct values of some columns; or one constant row. */

/** A column of a relation; `path` reaches into a document (`['name', 'first']`), and is `[name]` in a table. */
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
