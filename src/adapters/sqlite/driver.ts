import Database from 'better-sqlite3';
import { Fault } from '../../errors/fault.js';
import type { Cell } from '../../source/row.js';
import type { Fragment } from '../sql/fragment.js';
import { Functions } from './functions.js';
import { Meter } from './meter.js';

type SqliteError = Error & { readonly code: string };
type Statement = Database.Statement<unknown[], unknown[]>;

const kept = 500;

/** A file of a connection, under the name that SQLite's statements give it. */
export interface DatabaseName {
  readonly schema: string;
  readonly file: string;
}

/** One connection, read-only unless it says otherwise, to one file, or to several at once: prepared statements by their text, the functions that give expressions their meaning, a meter of work. */
export class Connection {
  readonly meter = new Meter();
  readonly functions: Functions;
  private readonly statements = new Map<string, Statement>();
  private readonly plans = new Map<string, readonly string[]>();
  private readonly begins: Statement;
  private readonly commits: Statement;
  private readonly versions: readonly Statement[];

  private constructor(
    private readonly database: Database.Database,
    readonly databases: readonly DatabaseName[],
  ) {
    database.defaultSafeIntegers(true);
    this.functions = new Functions((name, run) => {
      database.function(name, { varargs: true, deterministic: !name.startsWith('hs_tick'), safeIntegers: true }, run);
    }, this.meter);
    this.begins = database.prepare<unknown[], unknown[]>('BEGIN');
    this.commits = database.prepare<unknown[], unknown[]>('COMMIT');
    this.versions = databases.map(({ schema }) =>
      database.prepare<unknown[], unknown[]>(`PRAGMA ${schema}.data_version`).pluck(),
    );
  }

  /**
   * The first file is the connection's own, the others are attached to it, and are read-only as it is
   * (https://www.sqlite.org/lang_attach.html). Throws Fault `source-unavailable`, `source-corrupt` or `source-busy`, which names the
   * file where there are several. Waits for nothing: a lock is reported at once.
   */
  static open(files: readonly { readonly path: string; readonly name: string }[], writable = false): Connection {
    const [main, ...others] = files;
    const one = others.length === 0;
    const database = ofFile(one, main!.name, () => {
      const opened = new Database(main!.path, { readonly: !writable, fileMustExist: true, timeout: 0 });
      return closedUnless(opened, () => {
        opened.pragma('temp_store = MEMORY');
        opened.pragma('schema_version');
        return opened;
      });
    });
    return closedUnless(database, () => {
      const attached = others.map(({ path, name }, i): DatabaseName => {
        const schema = `f${i + 1}`;
        ofFile(one, name, () => {
          database.prepare(`ATTACH ? AS ${schema}`).run(path);
          database.pragma(`${schema}.schema_version`);
        });
        return { schema, file: name };
      });
      return new Connection(database, [{ schema: 'main', file: main!.name }, ...attached]);
    });
  }

  all(text: string, values: readonly unknown[]): Cell[][] {
    return faulty(() => {
      const rows = this.prepared(text).all(...values);
      for (const row of rows) exactCells(row);
      return rows as Cell[][];
    });
  }

  /** Rows as they come; a throw of the meter ends them. */
  *each(text: string, values: readonly unknown[]): Generator<Cell[]> {
    const rows = faulty(() => this.prepared(text).iterate(...values));
    try {
      for (;;) {
        const next = faulty(() => rows.next());
        if (next.done) return;
        exactCells(next.value);
        yield next.value as Cell[];
      }
    } finally {
      rows.return?.();
    }
  }

  /** What SQLite says it will do (`EXPLAIN QUERY PLAN`), a line for each step. */
  plan({ text, values }: Fragment): readonly string[] {
    let steps = this.plans.get(text);
    if (!steps) {
      const statement = faulty(() => this.database.prepare<unknown[], unknown[]>(`EXPLAIN QUERY PLAN ${text}`).raw());
      steps = faulty(() => statement.all(...values)).map((row) => String(row[3]));
      this.plans.set(text, steps);
      if (this.plans.size > kept) this.plans.delete(this.plans.keys().next().value!);
    }
    return steps;
  }

  get open(): boolean {
    return this.database.open;
  }

  /** Runs in one read transaction: every statement sees one state of a file, from the first look at that file on. */
  together<T>(run: () => T): T {
    faulty(() => this.begins.run());
    try {
      return run();
    } finally {
      if (this.database.inTransaction) this.commits.run();
    }
  }

  /** Begins a transaction that no other writer is in, or throws `source-busy` at once. */
  begin(): void {
    faulty(() => this.database.exec('BEGIN IMMEDIATE'));
  }

  commit(): void {
    faulty(() => this.commits.run());
  }

  rollback(): void {
    if (this.database.inTransaction) this.database.exec('ROLLBACK');
  }

  /** How many rows a statement changed, and the rowid of the last that it added. */
  change(text: string, values: readonly unknown[]): { readonly changes: number; readonly rowid: Cell } {
    const { changes, lastInsertRowid } = faulty(() => this.prepared(text, false).run(...values));
    const rowid = Number(lastInsertRowid);
    return { changes, rowid: Number.isSafeInteger(rowid) ? rowid : lastInsertRowid };
  }

  /** Changes when another connection has changed a file: the sum of numbers that only grow. */
  dataVersion(): number {
    let sum = 0;
    for (let i = 0; i < this.versions.length; i++) sum += this.versionOf(i);
    return sum;
  }

  /** Changes when another connection has changed this one of the files. */
  versionOf(file: number): number {
    const name = this.databases[file]!.file;
    return Number(ofFile(this.databases.length === 1, name, () => this.versions[file]!.get()));
  }

  close(): void {
    this.statements.clear();
    this.database.close();
  }

  private prepared(text: string, rows = true): Statement {
    let statement = this.statements.get(text);
    if (statement && !statement.busy) {
      if (this.statements.size > kept / 2) {
        this.statements.delete(text);
        this.statements.set(text, statement);
      }
      return statement;
    }
    statement = this.database.prepare<unknown[], unknown[]>(text);
    if (rows) statement.raw();
    this.statements.set(text, statement);
    if (this.statements.size > kept) this.statements.delete(this.statements.keys().next().value!);
    return statement;
  }
}

/** Integers that a double holds become numbers; a BLOB, which is no text, becomes a nested value that no expression reads. */
function exactCells(row: unknown[]): void {
  for (let i = 0; i < row.length; i++) {
    const cell = row[i];
    if (typeof cell === 'bigint') {
      const number = Number(cell);
      if (Number.isSafeInteger(number)) row[i] = number;
    } else if (typeof cell === 'object' && cell !== null) row[i] = { base64: (cell as Buffer).toString('base64') };
  }
}

/** Where there are several files, a failure says which. */
function ofFile<T>(one: boolean, name: string, run: () => T): T {
  try {
    return faulty(run);
  } catch (error) {
    if (one || !(error instanceof Fault)) throw error;
    throw new Fault(error.code, `${error.message}: ${name}`, {}, { cause: error });
  }
}

function closedUnless<T>(database: Database.Database, run: () => T): T {
  try {
    return run();
  } catch (error) {
    database.close();
    throw error;
  }
}

function faulty<T>(run: () => T): T {
  try {
    return run();
  } catch (error) {
    throw isSqliteError(error) ? fault(error) : error;
  }
}

/** By its code: each thread and each loader of the driver has an error class of its own. */
function isSqliteError(error: unknown): error is SqliteError {
  return typeof error === 'object' && error !== null && 'code' in error && String(error.code).startsWith('SQLITE_');
}

/** https://www.sqlite.org/rescode.html */
function fault(error: SqliteError): Fault {
  const { code } = error;
  if (/^SQLITE_CONSTRAINT_(UNIQUE|PRIMARYKEY|ROWID)/.test(code))
    return new Fault('duplicate', 'The source has a row of that key already', {}, { cause: error });
  if (/^SQLITE_(CONSTRAINT|MISMATCH|TOOBIG)/.test(code))
    return new Fault('constraint', 'The source refuses the row by a rule of its own', {}, { cause: error });
  if (code.startsWith('SQLITE_FULL'))
    return new Fault('source-unavailable', 'The source has no room left', {}, { cause: error });
  if (/^SQLITE_(BUSY|LOCKED)/.test(code)) return new Fault('source-busy', 'The source is locked', {}, { cause: error });
  if (/^SQLITE_(NOTADB|CORRUPT|IOERR_SHORT_READ|FORMAT)/.test(code))
    return new Fault('source-corrupt', 'The source is not a sound database', {}, { cause: error });
  if (/^SQLITE_(CANTOPEN|IOERR|PERM|AUTH|READONLY)/.test(code))
    return new Fault('source-unavailable', 'The source cannot be read', {}, { cause: error });
  if (code === 'SQLITE_SCHEMA' || /no such (table|column)/.test(error.message))
    return new Fault('source-changed', 'The source has changed its tables', {}, { cause: error });
  return new Fault('exception', 'The source refused a statement', {}, { cause: error });
}
