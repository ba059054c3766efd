import Database from 'better-sqlite3';

export type Value = string | number | null;

/** A table to be: its columns as declared, and the columns (with collation) that the hospital has indexed. */
export interface Table {
  readonly name: string;
  readonly columns: readonly string[];
  readonly indexed: readonly string[];
  readonly rows: Iterable<readonly Value[]>;
}

const ROWS_PER_TRANSACTION = 10_000;

/**
 * Writes an SQLite database, table by table; the same rows give the same bytes (fixed page size, no journal, no vacuum, indexes
 * after the rows). The page cache is bounded, so memory does not grow with the rows. The file must not exist yet.
 */
export function* writeSqlite(path: string, tables: readonly Table[]): Generator<void> {
  const database = new Database(path);
  try {
    for (const pragma of [
      'page_size=4096',
      'encoding="UTF-8"',
      'journal_mode=OFF',
      'synchronous=OFF',
      'cache_size=-2048',
    ]) {
      database.pragma(pragma);
    }
    for (const table of tables) {
      database.exec(`CREATE TABLE ${table.name} (\n  ${table.columns.join(',\n  ')}\n)`);
      yield* insert(database, table);
      for (const column of table.indexed) {
        const name = `${table.name}_${column.split(' ')[0]}`;
        database.exec(`CREATE INDEX ${name} ON ${table.name} (${column})`);
      }
    }
    // Statistics from a sample, as a maintained database has them: without, the planner guesses which index narrows more.
    database.exec('PRAGMA analysis_limit=400; ANALYZE');
  } finally {
    database.close();
  }
}

function* insert(database: Database.Database, table: Table): Generator<void> {
  const places = table.columns.map(() => '?').join(', ');
  const statement = database.prepare(`INSERT INTO ${table.name} VALUES (${places})`);
  let pending = 0;
  database.exec('BEGIN');
  for (const row of table.rows) {
    statement.run(row);
    if (++pending === ROWS_PER_TRANSACTION) {
      database.exec('COMMIT; BEGIN');
      pending = 0;
    }
    yield;
  }
  database.exec('COMMIT');
}
