import type { EventEmitter } from 'node:events';
import type { Answer, Connection, Statement, TextRow, Vendor } from './vendor.js';

/** Rows that are fetched at a time. */
export const slice = 500;
const cancelMs = 2_000;

/** The life of a session whatever its driver: begun, limited, read by a cursor, stopped from outside, ended. A vendor says the rest. */
export abstract class ServerSession implements Connection {
  alive = true;
  private timeoutMs = 0;

  /** `client`: the driver's, which tells when the session is over. */
  constructor(client: EventEmitter) {
    const ended = () => {
      this.alive = false;
    };
    client.on('error', ended).on('end', ended);
  }

  /** Logs in; a driver that does so with its first statement says nothing. */
  async open(): Promise<unknown> {
    return undefined;
  }

  /** Says how the session is to behave: read only unless it `writes`, in UTC, with literals as standard SQL writes them. */
  abstract begin(writes: boolean): Promise<unknown>;
  /** The answer to one statement, with cells as the server writes them. */
  protected abstract answer(statement: Statement): Promise<Answer>;
  /** The statement by which the server itself gives up each one that takes longer. */
  protected abstract limiting(timeoutMs: number): string;
  /** Closes the socket, without farewell. */
  protected abstract close(): void;
  /** Stops the running statement from outside: by a statement of a session beside it (`stop`), or as else the server has it. */
  abstract cancel(): Promise<void>;

  async run(statement: Statement, timeoutMs: number): Promise<readonly TextRow[]> {
    if (!this.isLimited(timeoutMs)) await this.limit(timeoutMs);
    return this.query(statement);
  }

  async change(statement: Statement, timeoutMs: number): Promise<Answer> {
    if (!this.isLimited(timeoutMs)) await this.limit(timeoutMs);
    return this.answer(statement);
  }

  async say(text: string, timeoutMs: number): Promise<unknown> {
    if (!this.isLimited(timeoutMs)) await this.limit(timeoutMs);
    return this.command(text);
  }

  async *stream({ text, values }: Statement, timeoutMs: number): AsyncGenerator<readonly TextRow[], void> {
    await this.limit(timeoutMs);
    await this.command('START TRANSACTION READ ONLY');
    let end = 'ROLLBACK';
    try {
      await this.query({ text: `DECLARE hs NO SCROLL CURSOR FOR ${text}`, values });
      for (;;) {
        const rows = await this.command(`FETCH ${slice} FROM hs`);
        if (rows.length > 0) yield rows;
        if (rows.length < slice) break;
      }
      end = 'COMMIT';
    } finally {
      if (this.alive) await this.command(end);
    }
  }

  /** `beside`: a session that is not open yet, and is used for nothing else. */
  protected async stop(beside: ServerSession, statement: string): Promise<void> {
    const late = setTimeout(() => beside.destroy(), cancelMs);
    try {
      await beside.open();
      await beside.command(statement);
    } finally {
      clearTimeout(late);
      beside.destroy();
    }
  }

  destroy(): void {
    this.alive = false;
    this.close();
  }

  /** A statement without values. */
  protected command(text: string): Promise<readonly TextRow[]> {
    return this.query({ text, values: [] });
  }

  /** The rows of an answer. */
  protected async query(statement: Statement): Promise<readonly TextRow[]> {
    return (await this.answer(statement)).rows;
  }

  protected isLimited(timeoutMs: number): boolean {
    return this.timeoutMs === timeoutMs;
  }

  protected async limit(timeoutMs: number): Promise<void> {
    if (this.isLimited(timeoutMs)) return;
    await this.command(this.limiting(timeoutMs));
    this.timeoutMs = timeoutMs;
  }
}

/** Opens sessions; one that is no longer wanted before it has begun is ended. */
export function connecting(session: () => ServerSession): Vendor['connect'] {
  return async (signal, writes = false) => {
    const made = session();
    const abort = () => made.destroy();
    signal.addEventListener('abort', abort, { once: true });
    try {
      await made.open();
      await made.begin(writes);
      return made;
    } catch (error) {
      made.destroy();
      throw error;
    } finally {
      signal.removeEventListener('abort', abort);
    }
  };
}
