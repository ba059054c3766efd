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
 * The record of writes in the state database. It survives the end of the process as it is, and a loss of power from `lasting` on; how
 * a write ended is found out again, should that be lost.
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
    lasting: (): Promise<void> => state.lasting(),
    close: (entries: readonly number[], outcome: 'made' | 'undone', at: Date): void =>
      ready().close(entries, outcome, at),
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
  const closeAll = database.transaction((entries: readonly number[], outcome: string, at: string) => {
    for (const entry of entries) close.run(outcome, at, entry);
  });
  return {
    open: (intent: Intent, at: Date) =>
      Number(insert.run({ id: null, before: null, ...intent, at: at.toISOString() }).lastInsertRowid),
    expect: (entry: number, id: string, after: string | null) => {
      expect.run(id, after, entry);
    },
    close: (entries: readonly number[], outcome: string, at: Date) => {
      const [entry] = entries;
      if (entries.length === 1) close.run(outcome, at.toISOString(), entry!);
      else if (entries.length > 1) closeAll(entries, outcome, at.toISOString());
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
