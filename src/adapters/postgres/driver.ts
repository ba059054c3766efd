import { connect as connectSocket, type Socket } from 'node:net';
import pg from 'pg';
import type { ServerLocation } from '../sql/server/location.js';
import { connecting, ServerSession } from '../sql/server/server-session.js';
import type { Answer, Statement, TextRow, Vendor } from '../sql/server/vendor.js';
import { foldSettings, foldTables } from './fold.js';
import { Prepared } from './prepared.js';
import { TextQuery } from './text-query.js';

/**
 * A prepared statement cannot be run as it stands: `invalid_sql_statement_name` (a pooler or an administrator let it go),
 * `feature_not_supported` (its columns have other types now).
 */
const stale: ReadonlySet<unknown> = new Set(['26000', '0A000']);

/** What the driver does not tell of itself. */
interface Client {
  readonly processID: number;
  readonly secretKey: number;
  readonly connection: { readonly stream: Socket; readonly parsedStatements: Record<string, string> };
}

export function connect(location: ServerLocation): Vendor['connect'] {
  return connecting(() => new PostgresSession(location));
}

class PostgresSession extends ServerSession {
  private readonly client: pg.Client & Client;
  private readonly prepared = new Prepared();
  private writes = false;

  constructor(private readonly location: ServerLocation) {
    const { tls, ...where } = location;
    const client = new pg.Client({
      ...where,
      ssl: tls ? { ...tls } : false,
      keepAlive: true,
      application_name: 'healthsync',
    });
    super(client);
    this.client = client as unknown as pg.Client & Client;
  }

  override open(): Promise<unknown> {
    return this.client.connect();
  }

  /**
   * In UTC and ISO 8601, floats to their last digit, no time spent on compiling plans. Read only; one that writes is so where the
   * server says it, and does not keep rows from others for ever when nobody is left to tell how it ends.
   */
  begin(writes: boolean): Promise<unknown> {
    this.writes = writes;
    const { latin, all } = foldTables();
    const settings = {
      ...(writes ? { idle_in_transaction_session_timeout: '60000' } : { default_transaction_read_only: 'on' }),
      TimeZone: 'UTC',
      DateStyle: 'ISO, YMD',
      extra_float_digits: '3',
      standard_conforming_strings: 'on',
      jit: 'off',
      cursor_tuple_fraction: '1',
      [`${foldSettings.latin}_from`]: latin.from,
      [`${foldSettings.latin}_to`]: latin.to,
      [`${foldSettings.all}_from`]: all.from,
      [`${foldSettings.all}_to`]: all.to,
    };
    const named = Object.entries(settings);
    return this.query({
      text: `SELECT ${named.map((_, i) => `set_config($${2 * i + 1}, $${2 * i + 2}, false)`).join(', ')}`,
      values: named.flat(),
    });
  }

  override run(statement: Statement, timeoutMs: number): Promise<readonly TextRow[]> {
    return this.asked(statement, timeoutMs, (name) => this.query(statement, name));
  }

  override change(statement: Statement, timeoutMs: number): Promise<Answer> {
    return this.asked(statement, timeoutMs, (name) => this.answer(statement, name));
  }

  /** Without a login: https://www.postgresql.org/docs/current/protocol-flow.html#PROTOCOL-FLOW-CANCELING-REQUESTS */
  cancel(): Promise<void> {
    const { host, port } = this.location;
    const request = Buffer.alloc(16);
    [request.length, 80_877_102, this.client.processID, this.client.secretKey].forEach((word, i) => {
      request.writeInt32BE(word, 4 * i);
    });
    return new Promise((resolve, reject) => {
      const socket = connectSocket({ host, port }, () => socket.write(request));
      socket.setTimeout(2_000, () => socket.destroy());
      socket
        .on('error', reject)
        .on('close', () => resolve())
        .resume();
    });
  }

  protected override query(statement: Statement, name = ''): Promise<readonly TextRow[]> {
    return new Promise((resolve, reject) => {
      this.client.query(new TextQuery(statement, name, resolve, reject) as unknown as pg.Submittable);
    });
  }

  protected answer(statement: Statement, name = ''): Promise<Answer> {
    return new Promise((resolve, reject) => {
      const told = (rows: readonly TextRow[], changed: number) => resolve({ rows, changed });
      this.client.query(new TextQuery(statement, name, told, reject) as unknown as pg.Submittable);
    });
  }

  protected limiting(timeoutMs: number): string {
    return `SET statement_timeout = ${Math.trunc(timeoutMs)}`;
  }

  protected close(): void {
    this.client.connection.stream.destroy();
  }

  /** By the name that the statement is prepared by, if it is. */
  private async asked<T>({ text }: Statement, timeoutMs: number, ask: (name?: string) => Promise<T>): Promise<T> {
    if (!this.isLimited(timeoutMs)) await this.limit(timeoutMs);
    const { name, dropped } = this.prepared.nameOf(text);
    if (dropped !== undefined) await this.drop(dropped);
    if (name === undefined) return ask();
    try {
      return await ask(name);
    } catch (error) {
      if (!this.alive || !stale.has((error as { readonly code?: unknown }).code)) throw error;
      if (this.writes) {
        // It took the transaction with it.
        this.destroy();
        throw error;
      }
      await this.drop();
      return ask();
    }
  }

  /** Lets go of one prepared statement, or of all. */
  private async drop(name?: string): Promise<void> {
    const { parsedStatements } = this.client.connection;
    for (const one of name === undefined ? Object.keys(parsedStatements) : [name]) delete parsedStatements[one];
    if (name === undefined) this.prepared.forget();
    await this.command(`DEALLOCATE ${name ?? 'ALL'}`);
  }
}
