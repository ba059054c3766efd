import { Fault } from '../../../errors/fault.js';
import type { Call } from '../../../source/adapter.js';
import { Gate } from '../../../source/gate.js';
import { wanted, whileWanted } from '../../../source/wanted.js';
import type { Connection, Vendor } from './vendor.js';

const patienceWithCancelledMs = 2_000;
const cancelAgainMs = 30;

export interface Session {
  readonly connection: Connection;
  /** It has answered before, and may have been lost since. */
  readonly used: boolean;
}

/** The sessions of one source: at most `most` at a time, kept while they live; who finds none free waits in line, no longer than wanted. */
export class Sessions {
  private readonly idle: Connection[] = [];
  private readonly gate: Gate;
  private readonly open = new Set<Connection>();
  private closed = false;

  constructor(
    private readonly vendor: Vendor,
    most: number,
    private readonly writes = false,
  ) {
    this.gate = new Gate(most);
  }

  /** A session of its own, if one is free and connected; `end` gives it back. */
  leaseAtOnce(call: Call): Session | undefined {
    wanted(call);
    const known = this.idle.at(-1);
    if (!known?.alive || !this.gate.enterAtOnce()) return undefined;
    this.idle.pop();
    return { connection: known, used: true };
  }

  /** A session of its own; `end` gives it back. */
  async lease(call: Call): Promise<Session> {
    wanted(call);
    await this.gate.enter(call);
    try {
      return await this.session(call);
    } catch (error) {
      this.gate.leave();
      throw error;
    }
  }

  /** One whose work failed or was given up is not used again. */
  end({ connection }: Session, reusable: boolean): void {
    if (reusable && connection.alive && !this.closed) this.idle.push(connection);
    else this.discard(connection);
    this.gate.leave();
  }

  /** Work on a session, stopped on the server as soon as it is no longer wanted. */
  working<T>({ connection }: Session, call: Call, work: () => Promise<T>): Promise<T> {
    const running = work();
    return whileWanted(running, call, () => void stopped(connection, running));
  }

  /** Sessions that nobody uses are ended: the server went away, and with it most likely all of them. */
  forget(): void {
    for (const connection of this.idle.splice(0)) this.discard(connection);
  }

  async close(): Promise<void> {
    this.closed = true;
    for (const connection of this.open) connection.destroy();
    this.open.clear();
    this.idle.length = 0;
  }

  private discard(connection: Connection): void {
    this.open.delete(connection);
    // One that was given up is destroyed when the server has stopped it.
    if (connection.alive) setTimeout(() => connection.destroy(), patienceWithCancelledMs).unref();
    else connection.destroy();
  }

  private async session(call: Call): Promise<Session> {
    for (let known = this.idle.pop(); known; known = this.idle.pop()) {
      if (known.alive) return { connection: known, used: true };
      this.discard(known);
    }
    if (this.closed) throw new Fault('source-unavailable', 'The source is closed');
    const given = new AbortController();
    const connecting = this.vendor.connect(given.signal, this.writes);
    connecting.then(
      (late) => given.signal.aborted && late.destroy(),
      () => undefined,
    );
    const connection = await whileWanted(connecting, call, () => given.abort());
    this.open.add(connection);
    return { connection, used: false };
  }
}

/** Stops what runs and ends the session. A cancellation that comes between two statements is lost, so it is said again. */
async function stopped(connection: Connection, running: Promise<unknown>): Promise<void> {
  let runs = true;
  const ended = running.then(
    () => {
      runs = false;
    },
    () => {
      runs = false;
    },
  );
  const until = performance.now() + patienceWithCancelledMs;
  while (runs && performance.now() < until) {
    const pause = new Promise((resolve) => setTimeout(resolve, cancelAgainMs));
    await connection.cancel().catch(() => undefined);
    await Promise.race([pause, ended]);
  }
  connection.destroy();
}
