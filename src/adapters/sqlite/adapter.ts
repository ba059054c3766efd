import { Fault } from '../../errors/fault.js';
import type {
  Adapter,
  Batch,
  Call,
  LiveTable,
  Narrowed,
  NativeQuery,
  Output,
  Scan,
  SourceLocation,
} from '../../source/adapter.js';
import { wholly } from '../../source/narrowed.js';
import type { Relation, TableRelation } from '../../source/relation.js';
import type { Cell, Row } from '../../source/row.js';
import { type Selection, TRUE } from '../../source/selection.js';
import { tablesOf } from '../../source/tables-of.js';
import { wanted } from '../../source/wanted.js';
import { placeOf } from '../sql/order.js';
import { capabilities } from './capabilities.js';
import { explained } from './explain.js';
import { DatabaseFile } from './file.js';
import { again, found, ofKey } from './get.js';
import { Learning, type Need } from './learning.js';
import { counted, page, pageSize, repeatedKeys } from './page.js';
import type { Remaining } from './remaining.js';
import { present } from './schema.js';
import { distinctId, type Known, type Session } from './session.js';
import { WorkerClient } from './worker-client.js';
import { SqliteWriting } from './writing.js';

/** Milliseconds of one slice of work: in the thread that serves requests, and in the worker. */
export interface Slices {
  readonly serving: number;
  readonly worker: number;
}

const usual: Slices = { serving: 3, worker: 8 };
const lockPatience = 1000;
const lockPause = 5;
const triesWhileChanging = 3;

/**
 * A SQLite file, or a folder of at most ten (`*.db`, `*.sqlite`, `*.sqlite3`) whose tables are read as those of one database, where
 * they lie. Calls throw Fault `source-unavailable` while it, or the file of a table they read, is away, and
 * `source-schema` when two files have a table of the name.
 */
export function openSqlite(location: SourceLocation, slices = usual): Adapter {
  return new SqliteAdapter(location, slices);
}

type Question = Pick<Scan, 'relation' | 'output' | 'where'>;

class SqliteAdapter implements Adapter {
  readonly capabilities = capabilities;
  readonly writing: SqliteWriting;
  private readonly file: DatabaseFile;
  private readonly worker: WorkerClient;
  private readonly learning: Learning;

  constructor({ location }: SourceLocation, slices: Slices) {
    this.file = new DatabaseFile(location, slices.serving);
    this.worker = new WorkerClient(location, slices.worker);
    this.learning = new Learning(this.worker);
    this.writing = new SqliteWriting(location);
  }

  narrow(scan: Omit<Scan, 'where'>, conjuncts: readonly Selection[]): Narrowed {
    return wholly(scan, conjuncts);
  }

  /** Page by page in this thread while each page is quick to find; what is not goes to the worker, from where it stands. */
  async *scan(scan: Scan, call: Call): AsyncGenerator<Batch> {
    let remaining: Remaining = { scan, limit: scan.limit ?? Number.POSITIVE_INFINITY };
    let known = nothingKnown;
    let surveyed = false;
    while (remaining.limit > 0) {
      const { found, wished, session } = await this.within(scan, call, (one) => {
        known = one.known;
        remaining = completed(one, remaining);
        const attempt = page(one, remaining);
        if (attempt.page) this.learning.wish(one, attempt.wished);
        return { found: attempt.page, wished: attempt.wished, session: one };
      });
      wanted(call);
      const surveys = found || surveyed ? [] : this.learning.due(wished);
      if (surveys.length > 0) {
        surveyed = true;
        await this.learning.learn(session, surveys, call);
        continue;
      }
      if (!found) {
        yield* this.worker.run({ kind: 'scan', remaining }, known, call);
        return;
      }
      const { batch, next } = found;
      if (batch.rows.length > 0) yield batch;
      if (!next) return;
      remaining = { ...remaining, place: next, limit: remaining.limit - batch.rows.length };
      await new Promise(setImmediate);
    }
    await this.within(scan, call, () => undefined);
  }

  scanAtOnce(scan: Scan): Batch | undefined {
    // More than a page takes several, and each other request its turn between them.
    if (scan.limit === undefined || scan.limit <= 0 || scan.limit > pageSize) return undefined;
    const { limit } = scan;
    const quick = this.settled(scan, (session) => {
      const attempt = page(session, completed(session, { scan, limit }));
      if (attempt.page) this.learning.wish(session, attempt.wished);
      return attempt.page;
    });
    return quick?.value && !quick.value.next ? quick.value.batch : undefined;
  }

  get(relation: Relation, output: readonly Output[], key: readonly Cell[], call: Call): Batch | Promise<Batch> {
    // Answered before anybody could go away; only what waits asks whether it is still wanted.
    const batch = this.remembered(relation, output, key);
    if (batch) return batch;
    wanted(call);
    const question = { relation: relation.kind === 'distinct' ? relation : nowhere, output, where: TRUE };
    const slow = this.within(question, call, (session) => found(session, relation, output, key));
    if (slow instanceof Promise) return slow.then((one) => one ?? this.searched(relation, output, key, call));
    return slow ?? this.searched(relation, output, key, call);
  }

  /** The statement that found a row of this relation before, run again. */
  private remembered(relation: Relation, output: readonly Output[], key: readonly Cell[]): Batch | undefined {
    try {
      return again(this.file.open(), relation, output, key);
    } catch (error) {
      if (error instanceof Fault) return undefined;
      throw error;
    }
  }

  async count(relation: Relation, where: Selection, call: Call): Promise<number> {
    let remaining: Remaining = { scan: { relation, output: [], where, order: [] }, limit: Number.POSITIVE_INFINITY };
    let known = nothingKnown;
    const quick = await this.within({ relation, output: [], where }, call, (session) => {
      known = session.known;
      remaining = completed(session, remaining);
      return counted(session, remaining);
    });
    return quick ?? this.worker.result<number>({ kind: 'count', remaining }, known, call);
  }

  async explain(scan: Scan): Promise<readonly NativeQuery[]> {
    const call = { signal: new AbortController().signal, deadline: Number.POSITIVE_INFINITY };
    return this.within(scan, call, (session) =>
      explained(session, completed(session, { scan, limit: scan.limit ?? Number.POSITIVE_INFINITY })),
    );
  }

  async describe(call: Call): Promise<readonly LiveTable[]> {
    return this.within({ relation: nowhere, output: [], where: TRUE }, call, (session) =>
      [...session.schema.values()].map(present).map(({ name, columns, uniqueKeys, indexes }) => ({
        name,
        columns,
        uniqueKeys,
        indexes,
      })),
    );
  }

  async duplicateKeys(relation: TableRelation, limit: number, call: Call): Promise<readonly Row[]> {
    return this.within({ relation, output: [], where: TRUE }, call, (session) =>
      repeatedKeys(session, relation, limit),
    );
  }

  async close(): Promise<void> {
    this.file.close();
    this.writing.close();
    await this.worker.close();
  }

  /**
   * Runs in one read transaction of the file as it is now, when all that has to be known of that state is; finds it out before
   * otherwise. While the file changes faster than that, what was known last counts.
   */
  private within<T>(question: Question, call: Call, run: (session: Session) => T, tries = 0): T | Promise<T> {
    wanted(call);
    const quick = tries === 0 ? this.settled(question, run) : undefined;
    if (quick) return quick.value;
    try {
      const session = this.file.open();
      const done = session.connection.together((): { needs: readonly Need[] } | { value: T } => {
        session.refresh(tries >= triesWhileChanging);
        const needs = unknown(session, question);
        return needs.length > 0 ? { needs } : { value: run(session) };
      });
      if ('value' in done) return done.value;
      return this.learning.learn(session, done.needs, call).then(() => this.within(question, call, run, tries + 1));
    } catch (error) {
      if (!(error instanceof Fault) || error.code !== 'source-busy') throw error;
      return this.afterLock(question, call, run, tries, error, performance.now() + lockPatience);
    }
  }

  /** Without a transaction and without asking SQLite whether the file has changed: its time says so before and after. */
  private settled<T>(question: Question, run: (session: Session) => T): { value: T } | undefined {
    try {
      const session = this.file.settled();
      if (!session || session.version < 0 || unknown(session, question).length > 0) return undefined;
      const value = run(session);
      return this.file.unchanged() ? { value } : undefined;
    } catch (error) {
      if (error instanceof Fault) return undefined;
      throw error;
    }
  }

  private async afterLock<T>(
    question: Question,
    call: Call,
    run: (session: Session) => T,
    tries: number,
    busy: Fault,
    until: number,
  ): Promise<T> {
    while (performance.now() < until) {
      await new Promise((resolve) => setTimeout(resolve, lockPause));
      try {
        this.file.open().connection.dataVersion();
        return await this.within(question, call, run, tries);
      } catch (error) {
        if (!(error instanceof Fault) || error.code !== 'source-busy') throw error;
      }
    }
    throw busy;
  }

  /** A key without an index: the worker looks for it. */
  private async searched(
    relation: Relation,
    output: readonly Output[],
    key: readonly Cell[],
    call: Call,
  ): Promise<Batch> {
    for await (const batch of this.scan({ relation, output, where: ofKey(relation, key), order: [], limit: 1 }, call))
      return batch;
    return { rows: [] };
  }
}

const nothingKnown: Known = { facts: new Map(), repetitions: new Map() };
const nowhere: Relation = { kind: 'constant', name: '', key: [], columns: {} };

/** What has to be known before any statement: which rows do not count, and the values that are a relation. */
function unknown(session: Session, { relation, where, output }: Question): readonly Need[] {
  const needs: Need[] = [];
  for (const table of tablesOf({ relation, where, output })) {
    if (!session.repeated(table)) needs.push({ kind: 'repeated', relation: table });
  }
  if (needs.length === 0 && relation.kind === 'distinct' && !session.distinct.has(distinctId(relation)))
    needs.push({ kind: 'distinct', relation });
  return needs;
}

/** With what only this state of the file gives: the place as it compares, the values of a distinct relation. */
function completed(session: Session, remaining: Remaining): Remaining {
  const { scan } = remaining;
  const place = remaining.place ?? (scan.after && placeOf(session.compiler('search'), scan.order, scan.after));
  const values = scan.relation.kind === 'distinct' ? session.distinct.get(distinctId(scan.relation)) : undefined;
  return { ...remaining, place, values };
}
