import type { Socket } from 'node:net';
import { type Connection as Client, createConnection } from 'mysql2';
import type { ServerLocation } from '../sql/server/location.js';
import type { Connection, Statement, TextRow } from '../sql/server/vendor.js';
import type { Flavour } from './compiler.js';

const slice = 500;
const preparedStatements = 100;
const cancelMs = 2_000;

export function connect(location: ServerLocation, flavour: Flavour): (signal: AbortSignal) => Promise<Connection> {
  return async (signal) => {
    const session = new MysqlConnection(open(location), location, flavour);
    const abort = () => session.destroy();
    signal.addEventListener('abort', abort, { once: true });
    try {
      await session.begin();
    } catch (error) {
      session.destroy();
      throw error;
    } finally {
      signal.removeEventListener('abort', abort);
    }
    return session;
  };
}

function open({ tls, ...where }: ServerLocation): Client {
  return createConnection({
    ...where,
    ...(tls && { ssl: tls as never }),
    charset: 'utf8mb4',
    rowsAsArray: true,
    dateStrings: true,
    supportBigNumbers: true,
    bigNumberStrings: true,
    maxPreparedStatements: preparedStatements,
    connectTimeout: 0,
  });
}

class MysqlConnection implements Connection {
  alive = true;
  private timeoutMs = 0;

  constructor(
    private readonly client: Client,
    private readonly location: ServerLocation,
    private readonly flavour: Flavour,
  ) {
    const ended = () => {
      this.alive = false;
    };
    client.on('error', ended).on('end', ended);
  }

  /** Read only, in UTC, with literals as standard SQL writes them. */
  async begin(): Promise<void> {
    await this.plain('SET SESSION TRANSACTION READ ONLY');
    await this.plain("SET SESSION sql_mode = 'NO_BACKSLASH_ESCAPES', time_zone = '+00:00'");
    const [[version]] = (await this.plain('SELECT VERSION()')) as [[string]];
    this.flavour.mariadb = /mariadb/i.test(version);
  }

  async run({ text, values }: Statement, timeoutMs: number): Promise<readonly TextRow[]> {
    await this.limit(timeoutMs);
    return new Promise((resolve, reject) => {
      this.client.execute({ sql: text, rowsAsArray: true }, [...values] as never, (error, rows) => {
        this.forget(text);
        if (error) reject(error);
        else resolve((rows as unknown as readonly unknown[][]).map(asText));
      });
    });
  }

  /** The server sends no faster than rows are taken. */
  async *stream({ text, values }: Statement, timeoutMs: number): AsyncGenerator<readonly TextRow[], void> {
    await this.limit(timeoutMs);
    const rows = this.client
      .execute({ sql: text, rowsAsArray: true }, [...values] as never)
      .stream({ highWaterMark: slice });
    // Of a connection that is lost the driver tells whoever waits for a whole answer, and not its streams.
    const lost = () => rows.destroy(new Error('The connection was lost'));
    this.client.on('error', lost).on('end', lost);
    let finished = false;
    try {
      let some: TextRow[] = [];
      for await (const row of rows) {
        some.push(asText(row as unknown[]));
        if (some.length < slice) continue;
        yield some;
        some = [];
      }
      finished = true;
      this.forget(text);
      if (some.length > 0) yield some;
    } finally {
      this.client.off('error', lost).off('end', lost);
      // The rest of an answer cannot be declined: the session ends with it.
      if (!finished) this.destroy();
    }
  }

  async cancel(): Promise<void> {
    const id = this.client.threadId;
    if (id === null || id === undefined) return;
    const beside = new MysqlConnection(open(this.location), this.location, this.flavour);
    const late = setTimeout(() => beside.destroy(), cancelMs);
    try {
      await beside.plain(`KILL QUERY ${Math.trunc(id)}`);
    } finally {
      clearTimeout(late);
      beside.destroy();
    }
  }

  destroy(): void {
    this.alive = false;
    this.client.destroy();
    // The driver would say goodbye first, and the server go on sending until then.
    (this.client as unknown as { readonly stream: Socket }).stream.destroy();
  }

  private async limit(timeoutMs: number): Promise<void> {
    if (this.timeoutMs === timeoutMs) return;
    await this.plain(
      this.flavour.mariadb
        ? `SET SESSION max_statement_time = ${timeoutMs / 1000}`
        : `SET SESSION max_execution_time = ${Math.trunc(timeoutMs)}`,
    );
    this.timeoutMs = timeoutMs;
  }

  /**
   * MariaDB turns EXISTS into a join, and when a prepared statement runs again it may no longer know the outer table's columns
   * (error 1054): such a statement is prepared each time.
   */
  private forget(text: string): void {
    if (this.flavour.mariadb && text.includes('EXISTS ('))
      this.client.unprepare({ sql: text, rowsAsArray: true } as never);
  }

  private plain(text: string): Promise<unknown> {
    return new Promise((resolve, reject) => {
      this.client.query({ sql: text, rowsAsArray: true }, (error, rows) => (error ? reject(error) : resolve(rows)));
    });
  }
}

function asText(row: readonly unknown[]): TextRow {
  return row.map((cell) => (cell === null || typeof cell === 'string' ? cell : String(cell)));
}
