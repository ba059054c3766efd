import { Fault } from '../../../errors/fault.js';
import type { Call, Cells, Output, Transaction, Writing } from '../../../source/adapter.js';
import type { TableRelation } from '../../../source/relation.js';
import type { Cell, Row } from '../../../source/row.js';
import { wanted, whileWanted } from '../../../source/wanted.js';
import type { Fragment } from '../fragment.js';
import { relatedBy, rowsOf } from './cells.js';
import { deletion, insertion, isGiven, isWhole, lockedRow, update } from './changes.js';
import type { Compiler } from './compiler.js';
import { severalRows } from './refusal.js';
import { type Server, timeoutOf } from './server.js';
import type { Session } from './sessions.js';
import type { Answer } from './vendor.js';

/** How long the answer to a COMMIT is waited for after the call's own deadline, and that to a ROLLBACK. */
const graceMs = 2_000;
const never = new AbortController().signal;

/** Writes a SQL server: a native transaction in a session of its own for each. Rows are locked as they are got. */
export class ServerWriting implements Writing {
  constructor(private readonly server: Server) {}

  can(relation: TableRelation): boolean {
    return isWhole(relation) && this.server.compiler()?.knows(relation)?.undoes !== false;
  }

  /** Of two who wait for each other a server gives up one: it is asked once more. */
  async transaction<T>(call: Call, work: (transaction: Transaction) => Promise<T>): Promise<T> {
    try {
      return await this.once(call, work);
    } catch (error) {
      if (!(error instanceof Fault) || error.code !== 'source-busy' || call.signal.aborted) throw error;
      return this.once(call, work);
    }
  }

  private async once<T>(call: Call, work: (transaction: Transaction) => Promise<T>): Promise<T> {
    // One for all of its statements: who gives up sooner stops them from outside.
    const timeoutMs = timeoutOf(call);
    const session = await this.begun(call, timeoutMs);
    const transaction = new ServerTransaction(this.server, session, call, timeoutMs);
    let result: T;
    try {
      result = await whileWanted(work(transaction), call, () => {});
      transaction.sound();
      wanted(call);
    } catch (error) {
      await transaction.over();
      await this.undo(session, transaction.severed);
      throw error;
    }
    await transaction.over();
    await this.commit(session, call, timeoutMs);
    return result;
  }

  /** A session that had been idle while the server went away says so only now; a new one may do. */
  private async begun(call: Call, timeoutMs: number): Promise<Session> {
    const { server } = this;
    const { writers } = server;
    for (let tries = 0; ; tries++) {
      wanted(call);
      const session = writers.leaseAtOnce(call) ?? (await server.lease(writers, call));
      try {
        await writers.working(session, call, () => session.connection.say(server.vendor.writing.begin, timeoutMs));
        return session;
      } catch (error) {
        writers.end(session, false);
        if (tries > 0 || !server.lost(error, session)) throw server.refused(error);
      }
    }
  }

  /** `severed`: there is nobody to tell, and the server undoes what nobody ends. */
  private async undo(session: Session, severed: boolean): Promise<void> {
    const { connection } = session;
    let undone = false;
    if (!severed && connection.alive) {
      const rollback = connection.say('ROLLBACK', graceMs);
      await whileWanted(rollback, patient(), () => connection.destroy()).then(
        () => {
          undone = true;
        },
        () => connection.destroy(),
      );
    }
    this.server.writers.end(session, undone);
  }

  /** What the server says of a COMMIT is so; when it says nothing, nobody knows. */
  private async commit(session: Session, call: Call, timeoutMs: number): Promise<void> {
    const { server } = this;
    const { connection } = session;
    try {
      const commit = connection.say('COMMIT', timeoutMs);
      await whileWanted(commit, patient(call.deadline), () => connection.destroy());
    } catch (error) {
      const meant = error instanceof Fault ? 'lost' : server.vendor.meaning(error);
      const untold = (meant === 'lost' || meant === 'source-timeout') && !server.vendor.writing.refusal(error);
      await this.undo(session, untold);
      if (!untold) throw server.refused(error);
      connection.destroy();
      throw new Fault('in-doubt', 'The source went away while it was told to keep the change', {}, { cause: error });
    }
    server.writers.end(session, true);
  }
}

/** No longer than a grace behind now, or behind a deadline that is still to come. */
function patient(deadline = 0): Call {
  return { signal: never, deadline: Math.max(deadline, performance.now()) + graceMs };
}

class ServerTransaction implements Transaction {
  /** The session ended, or was given up, while something ran in it. */
  severed = false;
  /** Why no more is done. What a server refused, it may have undone with all that came before. */
  private ended: Fault | undefined;
  private last: Promise<unknown> = Promise.resolve();

  constructor(
    private readonly server: Server,
    private readonly session: Session,
    private readonly call: Call,
    private readonly timeoutMs: number,
  ) {}

  get(relation: TableRelation, output: readonly Output[], key: readonly Cell[]): Promise<Row | undefined> {
    return this.step(async () => {
      const { statement, outputs } = await this.compiled((compiler) => lockedRow(compiler, relation, output, key));
      const { rows } = await this.run(statement);
      if (rows.length > 1) throw severalRows();
      const related = relatedBy(
        (make) => this.server.compile(this.call, make),
        async (fragment) => (await this.run(fragment)).rows,
      );
      return (await rowsOf(output, outputs, rows, related))[0];
    });
  }

  insert(relation: TableRelation, cells: Cells): Promise<readonly Cell[]> {
    return this.step(async () => {
      const { statement, key } = await this.compiled((compiler) => insertion(compiler, relation, cells));
      const { rows, given } = await this.run(statement);
      if (isGiven(relation, cells)) return relation.key.map((column) => cells[column]!);
      const told = key && rows[0] ? key.map((read, i) => read(rows[0]![i]!)) : givenKey(relation, cells, given);
      if (!told || told.some((cell) => cell === null))
        throw new Fault('constraint', `The source does not say which key it gave to a row of ${relation.name}`);
      return told;
    });
  }

  update(relation: TableRelation, key: readonly Cell[], before: Cells, cells: Cells): Promise<boolean> {
    return this.one((compiler) => update(compiler, relation, key, before, cells));
  }

  delete(relation: TableRelation, key: readonly Cell[], before: Cells): Promise<boolean> {
    return this.one((compiler) => deletion(compiler, relation, key, before));
  }

  /** Throws what was refused, though the work went on. */
  sound(): void {
    if (this.ended) throw this.ended;
  }

  /** Takes no more, and waits for what still runs. */
  async over(): Promise<void> {
    this.ended ??= new Fault('exception', 'The transaction is over');
    await this.last;
  }

  private one(make: (compiler: Compiler) => Fragment): Promise<boolean> {
    return this.step(async () => {
      const { changed } = await this.run(await this.compiled(make));
      if (changed! > 1) throw severalRows();
      return changed === 1;
    });
  }

  private async step<T>(work: () => Promise<T>): Promise<T> {
    this.sound();
    const running = work();
    this.last = Promise.allSettled([this.last, running]);
    try {
      return await running;
    } catch (error) {
      this.ended ??= this.server.refused(error);
      throw this.ended;
    }
  }

  private compiled<T>(make: (compiler: Compiler) => T): Promise<T> {
    return this.server.compileWhole(this.call, make);
  }

  private async run(fragment: Fragment): Promise<Answer> {
    const { server, session, call, timeoutMs } = this;
    wanted(call);
    const begun = performance.now();
    const statement = server.statement(fragment);
    try {
      const run = () => session.connection.change(statement, timeoutMs);
      return await server.writers.working(session, call, run);
    } catch (error) {
      const fault = server.refused(error);
      server.outdated(fault, begun);
      // What is given up is stopped from outside, and its session with it.
      if (error instanceof Fault || server.vendor.meaning(error) === 'lost') {
        this.severed = true;
        server.lost(error, session);
      }
      throw fault;
    }
  }
}

/** The one number that a server gives, where one column of the key is not said. */
function givenKey(relation: TableRelation, cells: Cells, given: string | undefined): readonly Cell[] | undefined {
  const unsaid = relation.key.filter((column) => cells[column] === undefined || cells[column] === null);
  if (unsaid.length !== 1 || given === undefined || given === '0') return undefined;
  const number = Number(given);
  return relation.key.map((column) =>
    column === unsaid[0] ? (Number.isSafeInteger(number) ? number : BigInt(given)) : cells[column]!,
  );
}
