import { Fault } from '../../../errors/fault.js';
import type { Call, SourceLocation } from '../../../source/adapter.js';
import { wanted, whileWanted } from '../../../source/wanted.js';
import type { Fragment } from '../fragment.js';
import type { Beginnings } from './beginning.js';
import { Compiler } from './compiler.js';
import { refusalOf } from './refusal.js';
import type { Catalog } from './schema.js';
import { type Session, Sessions } from './sessions.js';
import type { Connection, Statement, TextRow, Vendor } from './vendor.js';

const mostSessions = 10;
const mostInnerSessions = 4;
const mostWritingSessions = 8;
const catalogFreshMs = 30_000;
const leastTimeoutMs = 64;
const mostTexts = 500;

/** What the tables are known to be since a moment, and what statements over them begin with. */
interface Known {
  readonly catalog: Catalog;
  readonly at: number;
  readonly beginnings: Beginnings;
  /** Of statements that look at every row of a key. */
  readonly whole: Beginnings;
}

/** A database server as it is asked: sessions, what is known of its tables, and what its failures mean. */
export class Server {
  private readonly sessions: Sessions;
  /** Related rows are read while the rows that they belong to still come: never from the sessions that these hold. */
  private readonly inner: Sessions;
  /** Sessions that are not read only. */
  readonly writers: Sessions;
  private known: Known | undefined;
  private learning: Promise<Known> | undefined;
  /** Texts of statements, which hold no value of a request, as the vendor marks their values. */
  private readonly marked = new Map<string, string>();

  constructor(
    readonly vendor: Vendor,
    private readonly location: SourceLocation,
  ) {
    this.sessions = new Sessions(vendor, mostSessions);
    this.inner = new Sessions(vendor, mostInnerSessions);
    this.writers = new Sessions(vendor, mostWritingSessions, true);
  }

  /** What is made of the tables as they are known: at once, unless they have to be looked at first. */
  compile<T>(call: Call, make: (compiler: Compiler) => T): T | Promise<T> {
    wanted(call);
    const known = this.recent();
    if (!known) return this.knowing(call).then((found) => make(this.compilerOf(found)));
    return make(this.compilerOf(known));
  }

  /** As `compile`, for statements that look at every row of a key; looks at the tables again when they seem to be others. */
  async compileWhole<T>(call: Call, make: (compiler: Compiler) => T): Promise<T> {
    const begun = performance.now();
    const made = async () => {
      const { catalog, whole } = this.recent() ?? (await this.knowing(call));
      return make(new Compiler(this.vendor, catalog, whole, true));
    };
    try {
      return await made();
    } catch (error) {
      if (!this.outdated(error, begun)) throw error;
      return made();
    }
  }

  /** What the tables are known to be; undefined before the first look. */
  compiler(): Compiler | undefined {
    return this.known && this.compilerOf(this.known);
  }

  /** The tables as they are now. */
  async catalog(call: Call): Promise<Catalog> {
    return (await this.knowing(call)).catalog;
  }

  /** What is known, looked at again beside when that was long ago. */
  private recent(): Known | undefined {
    const { known } = this;
    if (known && performance.now() - known.at > catalogFreshMs) this.learn().catch(() => undefined);
    return known;
  }

  private async knowing(call: Call): Promise<Known> {
    wanted(call);
    return whileWanted(this.learn(), call, () => {});
  }

  private compilerOf({ catalog, beginnings }: Known): Compiler {
    return new Compiler(this.vendor, catalog, beginnings);
  }

  /** Were the tables looked at before `since`, so that another look may help? Then the next one who asks will look. */
  outdated(error: unknown, since: number): boolean {
    const may = error instanceof Fault && error.code === 'source-schema' && this.known && this.known.at < since;
    if (may) this.known = undefined;
    return Boolean(may);
  }

  /** Rows of a long answer, in slices: it is fetched as it is read. */
  async *rows(fragment: Fragment, call: Call): AsyncGenerator<readonly TextRow[]> {
    const statement = this.statement(fragment);
    for (let tries = 0; ; tries++) {
      const session = await this.lease(this.sessions, call);
      const end = (reusable: boolean) => this.sessions.end(session, reusable);
      const slices = session.connection.stream(statement, timeoutOf(call));
      let begun = false;
      let failed = false;
      try {
        for (;;) {
          const next = await this.sessions.working(session, call, () => slices.next());
          if (next.done) return;
          begun = true;
          yield next.value;
        }
      } catch (error) {
        failed = true;
        if (begun || tries > 0 || !this.lost(error, session)) throw this.fault(error);
      } finally {
        if (failed) end(false);
        else
          await slices.return(undefined).then(
            () => end(true),
            () => end(false),
          );
      }
    }
  }

  /** Rows of a short answer. `inner`: beside a scan that is being read. */
  all(fragment: Fragment, call: Call, inner = false): Promise<readonly TextRow[]> {
    const statement = this.statement(fragment);
    return this.ask(call, inner ? this.inner : this.sessions, (connection) =>
      connection.run(statement, timeoutOf(call)),
    );
  }

  statement({ text, values }: Fragment): Statement {
    let marked = this.marked.get(text);
    if (marked === undefined) {
      marked = this.vendor.marked(text);
      if (this.marked.size >= mostTexts) this.marked.clear();
      this.marked.set(text, marked);
    }
    return { text: marked, values };
  }

  async explain(statement: Statement, call: Call) {
    return this.ask(call, this.sessions, (connection) => this.vendor.explain(connection, statement, timeoutOf(call)));
  }

  async close(): Promise<void> {
    await Promise.all([this.sessions.close(), this.inner.close(), this.writers.close()]);
  }

  private async ask<T>(call: Call, sessions: Sessions, work: (connection: Connection) => Promise<T>): Promise<T> {
    for (let tries = 0; ; tries++) {
      const session = sessions.leaseAtOnce(call) ?? (await this.lease(sessions, call));
      let done = false;
      try {
        const result = await sessions.working(session, call, () => work(session.connection));
        done = true;
        return result;
      } catch (error) {
        done = error instanceof Fault ? false : this.vendor.meaning(error) === 'source-schema';
        if (tries > 0 || !this.lost(error, session)) throw this.fault(error);
      } finally {
        sessions.end(session, done);
      }
    }
  }

  lease(sessions: Sessions, call: Call): Promise<Session> {
    return sessions.lease(call).catch((error: unknown) => {
      throw this.fault(error);
    });
  }

  /** A session that had been idle while the server went away says so only now; a new one may do. */
  lost(error: unknown, { used }: Session): boolean {
    if (error instanceof Fault || this.vendor.meaning(error) !== 'lost') return false;
    for (const sessions of [this.sessions, this.inner, this.writers]) sessions.forget();
    return used;
  }

  /** One look at the tables for all who ask at the time; it goes on when one of them leaves. */
  private learn(): Promise<Known> {
    this.learning ??= this.look().finally(() => {
      this.learning = undefined;
    });
    return this.learning;
  }

  private async look(): Promise<Known> {
    const patient = { signal: new AbortController().signal, deadline: performance.now() + this.location.timeoutMs };
    const at = performance.now();
    const catalog = await this.ask(patient, this.inner, (connection) =>
      this.vendor.catalog(connection, timeoutOf(patient)),
    );
    this.known = { catalog, at, beginnings: new WeakMap(), whole: new WeakMap() };
    return this.known;
  }

  /** Why a change was not made. */
  refused(error: unknown): Fault {
    if (error instanceof Fault) return error;
    const refusal = this.vendor.writing.refusal(error);
    return refusal ? refusalOf(refusal, this.location.name, error) : this.fault(error);
  }

  private fault(error: unknown): Fault {
    if (error instanceof Fault) return error;
    const source = this.location.name;
    const meant = this.vendor.meaning(error);
    const code = meant === 'lost' || meant === undefined ? 'source-unavailable' : meant;
    return new Fault(code, `Source ${source} ${words[code]}`, { source }, { cause: error });
  }
}

const words = {
  'source-unavailable': 'cannot be reached, or refuses to answer',
  'source-timeout': 'did not answer in time',
  'source-busy': 'has too much to do',
  'source-changed': 'changed while it was read',
  'source-corrupt': 'holds what cannot be read',
  'source-schema': 'has other tables or columns than were asked for, or does not let them be read',
} as const;

/** Milliseconds for the server itself; few different ones, so that a session need seldom be told. */
export function timeoutOf({ deadline }: Call): number {
  const left = Math.max(leastTimeoutMs, Math.min(deadline - performance.now(), 2 ** 30));
  return 2 ** Math.ceil(Math.log2(left));
}
