/** A cell as a statement binds it; numbers of more digits than a double has are texts. */
export type Cell = string | number | null;

/** A table of an SQL server: the statement that creates it, and its rows in the order of `columns`. */
export interface ServerTable {
  readonly name: string;
  readonly create: readonly string[];
  readonly columns: readonly string[];
  readonly rows: Iterable<readonly Cell[]>;
  /** Statements after the rows: indexes, comments. */
  readonly finish: readonly string[];
}

/** The tables of one database. Whatever stood under their names is replaced; other tables are left alone. */
export interface Tables {
  readonly tables: readonly ServerTable[];
}
