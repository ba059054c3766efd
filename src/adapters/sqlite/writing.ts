import { Fault } from '../../errors/fault.js';
import type { Call, Cells, Output, Transaction, Writing } from '../../source/adapter.js';
import { Gate } from '../../source/gate.js';
import type { TableRelation } from '../../source/relation.js';
import type { Cell, Row } from '../../source/row.js';
import { wanted } from '../../source/wanted.js';
import { DatabaseFile } from './file.js';
import { again, found } from './get.js';
import { columnOf, type SqliteTable, tableOf } from './schema.js';
import type { Session } from './session.js';

/** Milliseconds after which a lock of another program is tried again. */
const lockPause = 5;
/** Milliseconds of the point reads of a transaction: it is alone with its rows, and waits for them. */
const slice = 2_000;

/** Writes a SQLite file through a connection of its own, one transaction at a time, as durably as the file itself is set to. */
export class SqliteWriting implements Writing {
  private readonly file: DatabaseFile;
  private readonly turns = new Gate(1);

  constructor(location: string) {
    this.file = new DatabaseFile(location, slice, true);
  }

  can(relation: TableRelation): boolean {
    return isFlat(relation);
  }

  async transaction<T>(call: Call, work: (transaction: Transaction) => Promise<T>): Promise<T> {
    const leave = await this.turns.enter(call);
    try {
      const session = await this.begun(call);
      const transaction = new SqliteTransaction(session);
      let result: T;
      try {
        result = await work(transaction);
        wanted(call);
      } catch (error) {
        session.connection.rollback();
        throw error;
      } finally {
        transaction.over = true;
      }
      await this.commit(session, call);
      return result;
    } finally {
      leave();
    }
  }

  close(): void {
    this.file.close();
  }

  private begun(call: Call): Promise<Session> {
    return unlessLocked(call, () => {
      const session = this.file.open();
      session.connection.begin();
      session.refresh();
      return session;
    });
  }

  /** Whoever reads the file keeps it from being written, for that long: https://www.sqlite.org/lang_transaction.html */
  private async commit(session: Session, call: Call): Promise<void> {
    try {
      await unlessLocked(call, () => {
        session.connection.commit();
        session.changed();
        this.file.written();
      });
    } catch (error) {
      session.connection.rollback();
      throw error;
    }
  }
}

/** What a lock of another refuses is tried again, for as long as it is wanted. */
async function unlessLocked<T>(call: Call, run: () => T): Promise<T> {
  for (;;) {
    wanted(call);
    try {
      return run();
    } catch (error) {
      if (!(error instanceof Fault) || error.code !== 'source-busy') throw error;
      await new Promise((resolve) => setTimeout(resolve, lockPause));
    }
  }
}

/** Only whole columns are written. */
function isFlat(relation: TableRelation): boolean {
  return !relation.unwind && Object.values(relation.columns).every(({ path }) => path.length === 1);
}

class SqliteTransaction implements Transaction {
  /** What comes now would be kept at once. */
  over = false;

  constructor(private readonly session: Session) {}

  async get(relation: TableRelation, output: readonly Output[], key: readonly Cell[]): Promise<Row | undefined> {
    this.notOver();
    const batch = again(this.session, relation, output, key) ?? found(this.session, relation, output, key);
    if (!batch) throw new Fault('source-timeout', 'The source did not find the row in time');
    if (batch.duplicates) throw new Fault('duplicate-key', 'Several rows have that key: which is meant cannot be told');
    return batch.rows[0];
  }

  async insert(relation: TableRelation, cells: Cells): Promise<readonly Cell[]> {
    const table = this.table(relation);
    const names = Object.keys(cells);
    const columns = names.map((name) => columnOf(table, relation, name).quoted);
    const text =
      names.length === 0
        ? `INSERT INTO ${table.quoted} DEFAULT VALUES`
        : `INSERT INTO ${table.quoted} (${columns.join(', ')}) VALUES (${columns.map(() => '?').join(', ')})`;
    const { rowid } = this.session.connection.change(
      text,
      names.map((name) => bound(cells[name]!)),
    );
    if (relation.key.every((column) => cells[column] !== undefined && cells[column] !== null))
      return relation.key.map((column) => cells[column]!);
    const key = relation.key.map((column) => columnOf(table, relation, column).quoted).join(', ');
    const [row] = this.session.connection.all(`SELECT ${key} FROM ${table.quoted} WHERE rowid = ?`, [rowid]);
    return row!;
  }

  async update(relation: TableRelation, key: readonly Cell[], before: Cells, cells: Cells): Promise<boolean> {
    const table = this.table(relation);
    const names = Object.keys(cells);
    const sets = names.map((name) => `${columnOf(table, relation, name).quoted} = ?`).join(', ');
    const where = matching(table, relation, key, before);
    return this.one(`UPDATE ${table.quoted} SET ${sets} WHERE ${where.text}`, [
      ...names.map((name) => bound(cells[name]!)),
      ...where.values,
    ]);
  }

  async delete(relation: TableRelation, key: readonly Cell[], before: Cells): Promise<boolean> {
    const table = this.table(relation);
    const where = matching(table, relation, key, before);
    return this.one(`DELETE FROM ${table.quoted} WHERE ${where.text}`, where.values);
  }

  private table(relation: TableRelation): SqliteTable {
    this.notOver();
    if (!isFlat(relation))
      throw new Fault('read-only', `Rows of ${relation.name} are parts of others, and not written`);
    return tableOf(this.session.schema, relation);
  }

  private notOver(): void {
    if (this.over) throw new Fault('exception', 'The transaction is over');
  }

  private one(text: string, values: readonly unknown[]): boolean {
    const { changes } = this.session.connection.change(text, values);
    if (changes > 1) throw new Fault('duplicate-key', 'Several rows have that key: which is meant cannot be told');
    return changes === 1;
  }
}

/** The row of a key, if its columns still hold what they held: https://www.sqlite.org/lang_expr.html#the_is_and_is_not_operators */
function matching(table: SqliteTable, relation: TableRelation, key: readonly Cell[], before: Cells) {
  const cells: (readonly [string, Cell])[] = [
    ...relation.key.map((name, i) => [name, key[i]!] as const),
    ...Object.entries(before).filter(([, cell]) => typeof cell !== 'object' || cell === null),
  ];
  return {
    text: cells.map(([name]) => `${columnOf(table, relation, name).quoted} IS ?`).join(' AND '),
    values: cells.map(([, cell]) => bound(cell)),
  };
}

/** The driver takes every number for a floating one, and knows no booleans. */
function bound(cell: Cell): unknown {
  if (typeof cell === 'boolean') return cell ? 1n : 0n;
  return typeof cell === 'number' && Number.isSafeInteger(cell) ? BigInt(cell) : cell;
}
