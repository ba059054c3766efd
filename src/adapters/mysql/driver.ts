import type { Socket } from 'node:net';
import { type Connection as Client, createConnection } from 'mysql2';
import type { ServerLocation } from '../sql/server/location.js';
import { connecting, ServerSession, slice } from '../sql/server/server-session.js';
import type { Answer, Statement, TextRow, Vendor } from '../sql/server/vendor.js';
import type { Flavour } from './compiler.js';

const preparedStatements = 100;

export function connect(location: ServerLocation, flavour: Flavour): Vendor['connect'] {
  return connecting(() => new MysqlSession(location, flavour));
}

class MysqlSession extends ServerSession {
  private readonly client: Client;
  private writes = false;

  constructor(
    private readonly location: ServerLocation,
    private readonly flavour: Flavour,
  ) {
    const { tls, ...where } = location;
    const client = createConnection({
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
    super(client);
    this.client = client;
  }

  /**
   * One that writes sees what others have committed, keeps no gaps between rows from them, and is refused what a column would cut,
   * or make of nothing: https://dev.mysql.com/doc/refman/8.0/en/sql-mode.html#sql-mode-strict
   */
  async begin(writes: boolean): Promise<void> {
    this.writes = writes;
    await this.command(`SET SESSION TRANSACTION ${writes ? 'ISOLATION LEVEL READ COMMITTED' : 'READ ONLY'}`);
    const mode = `NO_BACKSLASH_ESCAPES${writes ? ',STRICT_ALL_TABLES' : ''}`;
    await this.command(`SET SESSION sql_mode = '${mode}', time_zone = '+00:00'`);
    const [version] = await this.command('SELECT VERSION()');
    this.flavour.mariadb = /mariadb/i.test(version![0]!);
  }

  /** The server sends no faster than rows are taken. */
  override async *stream({ text, values }: Statement, timeoutMs: number): AsyncGenerator<readonly TextRow[], void> {
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
    if (id) await this.stop(new MysqlSession(this.location, this.flavour), `KILL QUERY ${Math.trunc(id)}`);
  }

  protected answer({ text, values }: Statement): Promise<Answer> {
    return new Promise((resolve, reject) => {
      this.client.execute({ sql: text, rowsAsArray: true }, [...values] as never, (error, rows) => {
        this.forget(text);
        if (error) reject(error);
        else resolve(answered(rows));
      });
    });
  }

  /** By the text protocol: not all that is said once can be prepared. */
  protected override command(text: string): Promise<readonly TextRow[]> {
    return new Promise((resolve, reject) => {
      this.client.query({ sql: text, rowsAsArray: true }, (error, rows) => {
        if (error) reject(error);
        else resolve(answered(rows).rows);
      });
    });
  }

  /** MySQL limits queries alone: who waits to change a row is limited by that. */
  protected limiting(timeoutMs: number): string {
    if (this.flavour.mariadb) return `SET SESSION max_statement_time = ${timeoutMs / 1000}`;
    const waiting = this.writes ? `, innodb_lock_wait_timeout = ${Math.ceil(timeoutMs / 1000)}` : '';
    return `SET SESSION max_execution_time = ${Math.trunc(timeoutMs)}${waiting}`;
  }

  /** The driver would say goodbye first, and the server go on sending until then. */
  protected close(): void {
    this.client.destroy();
    (this.client as unknown as { readonly stream: Socket }).stream.destroy();
  }

  /**
   * MariaDB turns EXISTS into a join, and when a prepared statement runs again it may no longer know the outer table's columns
   * (error 1054): such a statement is prepared each time.
   */
  private forget(text: string): void {
    if (this.flavour.mariadb && text.includes('EXISTS ('))
      this.client.unprepare({ sql: text, rowsAsArray: true } as never);
  }
}

/** What changes rows answers with how many it found, not with rows; of RETURNING nobody asks how many. */
function answered(answer: unknown): Answer {
  if (Array.isArray(answer)) return { rows: answer.map(asText) };
  const { affectedRows, insertId } = answer as { readonly affectedRows: number; readonly insertId: number | string };
  return { rows: [], changed: affectedRows, given: String(insertId) };
}

function asText(row: readonly unknown[]): TextRow {
  return row.map((cell) => (cell === null || typeof cell === 'string' ? cell : String(cell)));
}
