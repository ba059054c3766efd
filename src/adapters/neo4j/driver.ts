import neo4j, { type Driver, type Plan, type Result, type Session, type Transaction } from 'neo4j-driver';
import { Fault } from '../../errors/fault.js';
import type { Call, SourceLocation } from '../../source/adapter.js';
import { wanted, whileWanted } from '../../source/wanted.js';
import { sourceFault, writeFault } from './failure.js';

/** A statement with the values of its `$names`. Whole numbers are bound as `bigint`, else they are Floats. */
export interface Statement {
  readonly text: string;
  readonly values: Readonly<Record<string, unknown>>;
}

/** A row as the driver gives it, its Integers as `bigint`. */
export type Fields = readonly unknown[];

/** Rows of a batch. */
export const batchRows = 500;
const connections = 50;
const connectMs = 5_000;
/** A connection that does not come back from a query that was given up is not waited for. */
const resetMs = 2_000;
/** Milliseconds that the end of a transaction is waited for beyond the time of its call. */
const graceMs = 2_000;

/** One Neo4j database by Bolt: `bolt://user:password@host:port/database`, with TLS by `bolt+s` or `neo4j+s`. */
export class Connection {
  private readonly uri: string;
  private readonly auth: ReturnType<typeof neo4j.auth.basic> | undefined;
  private readonly database: string | undefined;
  private driver: Driver | undefined;

  constructor(private readonly source: SourceLocation) {
    const url = URL.canParse(source.location) ? new URL(source.location) : undefined;
    if (!url || !/^(bolt|neo4j)(\+s|\+ssc)?:$/.test(url.protocol) || url.hostname === '')
      throw new Fault(
        'configuration',
        `Source ${source.name} needs a location such as bolt://user:password@host:7687/database`,
      );
    this.uri = `${url.protocol}//${url.host}`;
    const [user, password] = [url.username, url.password].map(decodeURIComponent) as [string, string];
    if (user !== '') this.auth = neo4j.auth.basic(user, password);
    if (url.pathname.length > 1) this.database = decodeURIComponent(url.pathname.slice(1));
  }

  /**
   * The rows of a statement as they come, in batches; `few`: no more than a batch, which come together. The database ends the query
   * when the answer is no longer wanted.
   */
  async *rows({ text, values }: Statement, call: Call, few = false): AsyncGenerator<readonly Fields[]> {
    wanted(call);
    const session = this.session();
    const timeout = Math.max(1, Math.min(Math.ceil(call.deadline - performance.now()), 2 ** 31));
    let finished = false;
    try {
      const result = session.run(text, values, { timeout });
      if (few) {
        const { records } = await whileWanted(Promise.resolve(result), call, () => this.end(session));
        if (records.length > 0) yield records.map((record) => record.map((field: unknown) => field));
      } else {
        const records = result[Symbol.asyncIterator]();
        for (;;) {
          const batch = await whileWanted(nextBatch(records), call, () => this.end(session));
          if (batch.rows.length > 0) yield batch.rows;
          if (batch.last) break;
        }
      }
      finished = true;
    } catch (error) {
      throw error instanceof Fault ? error : sourceFault(error, this.source.name);
    } finally {
      // A finished session gives its connection back at once; any other is reset, which ends its query.
      if (finished) await session.close();
      else this.end(session);
    }
  }

  async all(statement: Statement, call: Call): Promise<readonly Fields[]> {
    const all: Fields[] = [];
    for await (const rows of this.rows(statement, call)) for (const row of rows) all.push(row);
    return all;
  }

  async plan({ text, values }: Statement, call: Call): Promise<Plan> {
    wanted(call);
    const session = this.session();
    try {
      const { summary } = await whileWanted(Promise.resolve(session.run(`EXPLAIN ${text}`, values)), call, () => {});
      return summary.plan as Plan;
    } catch (error) {
      throw error instanceof Fault ? error : sourceFault(error, this.source.name);
    } finally {
      this.end(session);
    }
  }

  async close(): Promise<void> {
    const { driver } = this;
    this.driver = undefined;
    await driver?.close();
  }

  /** A transaction that the database itself ends when the call's time is over. */
  begin(call: Call): Writer {
    wanted(call);
    const session = this.session(neo4j.session.WRITE);
    const timeout = Math.max(1, Math.min(Math.ceil(call.deadline - performance.now()), 2 ** 31));
    return new Writer(session.beginTransaction({ timeout }), this.source.name, () => this.end(session));
  }

  private session(mode: typeof neo4j.session.READ | typeof neo4j.session.WRITE = neo4j.session.READ): Session {
    this.driver ??= neo4j.driver(this.uri, this.auth, {
      useBigInt: true,
      maxConnectionPoolSize: connections,
      connectionTimeout: connectMs,
      connectionAcquisitionTimeout: connectMs,
      maxTransactionRetryTime: 0,
      fetchSize: batchRows,
      userAgent: 'healthsync',
      telemetryDisabled: true,
      notificationFilter: { minimumSeverityLevel: 'OFF' },
    });
    return this.driver.session({
      defaultAccessMode: mode,
      ...(this.database !== undefined && { database: this.database }),
    });
  }

  /** Ends a session's query. When its connection does not answer to that, the next call gets connections of its own. */
  private end(session: Session): void {
    const { driver } = this;
    const late = setTimeout(() => {
      if (this.driver !== driver) return;
      this.driver = undefined;
      driver?.close().catch(() => {});
    }, resetMs);
    session
      .close()
      .catch(() => {})
      .finally(() => clearTimeout(late));
  }
}

/** Statements that are kept together, or not at all. */
export class Writer {
  private failed: unknown;

  constructor(
    private readonly transaction: PromiseLike<Transaction> & Pick<Transaction, 'run' | 'commit' | 'rollback'>,
    private readonly source: string,
    private readonly end: () => void,
  ) {}

  async all({ text, values }: Statement, call: Call): Promise<readonly Fields[]> {
    // After a failure the database takes no more.
    if (this.failed) throw this.failed;
    wanted(call);
    try {
      const { records } = await whileWanted(Promise.resolve(this.transaction.run(text, values)), call, this.end);
      return records.map((record) => record.map((field: unknown) => field));
    } catch (error) {
      this.failed = error instanceof Fault ? error : writeFault(error, this.source);
      throw this.failed;
    }
  }

  /**
   * Once it is told to keep the changes, it is waited for beyond the call's time.
   * @throws {Fault} `in-doubt`; others when nothing was kept
   */
  async commit(call: Call): Promise<void> {
    if (this.failed) throw this.failed;
    wanted(call);
    const signal = new AbortController().signal;
    const deadline = Math.max(call.deadline, performance.now()) + graceMs;
    try {
      await whileWanted(Promise.resolve(this.transaction.commit()), { signal, deadline }, this.end);
    } catch (error) {
      const fault = error instanceof Fault ? error : writeFault(error, this.source);
      if (error instanceof Fault || isUnanswered(error))
        throw new Fault(
          'in-doubt',
          `Source ${this.source} did not say whether it kept the changes`,
          { source: this.source },
          { cause: error },
        );
      throw fault;
    } finally {
      this.end();
    }
  }

  async rollback(): Promise<void> {
    const signal = new AbortController().signal;
    const undone = Promise.resolve(this.transaction.rollback()).catch(() => {});
    await whileWanted(undone, { signal, deadline: performance.now() + graceMs }, () => {}).catch(() => {});
    this.end();
  }
}

/** Did it fail without an answer of the database? */
function isUnanswered(error: unknown): boolean {
  return !/^Neo\./.test(String((error as { readonly code?: unknown }).code));
}

type Records = ReturnType<Result[typeof Symbol.asyncIterator]>;

async function nextBatch(records: Records): Promise<{ readonly rows: readonly Fields[]; readonly last: boolean }> {
  const rows: Fields[] = [];
  while (rows.length < batchRows) {
    const next = await records.next();
    if (next.done) return { rows, last: true };
    rows.push(next.value.map((field: unknown) => field));
  }
  return { rows, last: false };
}
