import type Database from 'better-sqlite3';
import type { StateDatabase } from './database.js';

/** A write as it is recorded: who, what, and the versions before and after. Nothing of the content. */
export interface WriteRecord {
  readonly entry: number;
  /** ISO 8601, UTC. */
  readonly at: string;
  readonly caller: string;
  readonly interaction: 'create' | 'update' | 'delete';
  readonly type: string;
  readonly source: string;
  /** Unknown of a create whose source never gave a key. */
  readonly id?: string;
  readonly before?: string;
  readonly after?: string;
  readonly state: 'open' | 'made' | 'undone';
  readonly closed?: string;
}

type Intent = Pick<WriteRecord, 'caller' | 'interaction' | 'type' | 'source' | 'id' | 'before'>;

/**
 * The record of writes in the state database. What is said before a source keeps a change survives a loss of power; how it ended is
 * found out again, should that be lost.
 */
export function writeLog(state: StateDatabase) {
  let statements: ReturnType<typeof prepare> | undefined;
  const ready = () => {
    statements ??= prepare(state.open());
    return statements;
  };
  return {
    open: (intent: Intent, at: Date): number => ready().open(intent, at),
    expect: (entry: number, { id, after }: { readonly id: string; readonly after?: string }): void =>
      ready().expect(entry, id, after ?? null),
    close: (entry: number, outcome: 'made' | 'undone', at: Date): void => ready().close(entry, outcome, at),
    unfinished: (): readonly WriteRecord[] => ready().unfinished(),
    /** From the last on, `count` at most, older than `entry`. */
    records: (count: number, entry = Number.MAX_SAFE_INTEGER): readonly WriteRecord[] => ready().records(entry, count),
    /** Lets go of what ended before a time; the number of records. */
    forget: (before: Date): number => ready().forget(before),
  };
}

const columns = 'entry, at, caller, interaction, type, source, id, before, after, state, closed';

function prepare(database: Database.Database) {
  const insert = database.prepare(
    `INSERT INTO writes (at, caller, interaction, type, source, id, before, state)
     VALUES (:at, :caller, :interaction, :type, :source, :id, :before, 'open')`,
  );
  const expect = database.prepare<[string, string | null, number]>(
    'UPDATE writes SET id = ?, after = ? WHERE entry = ?',
  );
  const close = database.prepare<[string, string, number]>('UPDATE writes SET state = ?, closed = ? WHERE entry = ?');
  const open = database.prepare<[], Row>(`SELECT ${columns} FROM writes WHERE state = 'open' ORDER BY entry`);
  const last = database.prepare<[number, number], Row>(
    `SELECT ${columns} FROM writes WHERE entry < ? ORDER BY entry DESC LIMIT ?`,
  );
  const forget = database.prepare<[string]>("DELETE FROM writes WHERE state <> 'open' AND closed < ?");
  /** Waits for the disk: https://www.sqlite.org/pragma.html#pragma_synchronous */
  const lasting = <T>(run: () => T): T => {
    database.pragma('synchronous = FULL');
    try {
      return run();
    } finally {
      database.pragma('synchronous = NORMAL');
    }
  };
  return {
    open: (intent: Intent, at: Date) =>
      Number(insert.run({ id: null, before: null, ...intent, at: at.toISOString() }).lastInsertRowid),
    expect: (entry: number, id: string, after: string | null) => {
      lasting(() => expect.run(id, after, entry));
    },
    close: (entry: number, outcome: string, at: Date) => {
      close.run(outcome, at.toISOString(), entry);
    },
    unfinished: () => open.all().map(recordOf),
    records: (entry: number, count: number) => last.all(entry, count).map(recordOf),
    forget: (before: Date) => forget.run(before.toISOString()).changes,
  };
}

type Row = { readonly [column: string]: string | number | null };

function recordOf(row: Row): WriteRecord {
  return Object.fromEntries(Object.entries(row).filter(([, value]) => value !== null)) as unknown as WriteRecord;
}
