import { connect as connectSocket, type Socket } from 'node:net';
import pg from 'pg';
import type { ServerLocation } from '../sql/server/location.js';
import type { Connection, Statement, TextRow } from '../sql/server/vendor.js';
import { foldSettings, foldTables } from './fold.js';
import { Prepared } from './prepared.js';

const slice = 500;
const cancelRequest = 80_877_102;
/**
 * A prepared statement cannot be run as it stands: `invalid_sql_statement_name` (a pooler or an administrator let it go),
 * `feature_not_supported` (its columns have other types now).
 */
const stale: ReadonlySet<unknown> = new Set(['26000', '0A000']);

/** What the driver does not tell of itself. */
interface Session {
  readonly processID: number;
  readonly secretKey: number;
  readonly connection: { readonly stream: Socket; readonly parsedStatements: Record<string, string> };
}

/** Every value as the server writes it. */
const asWritten = { getTypeParser: () => (text: string) => text } as unknown as pg.CustomTypesConfig;

export function connect(location: ServerLocation): (signal: AbortSignal) => Promise<Connection> {
  const { tls, ...where } = location;
  return async (signal) => {
    const client = new pg.Client({
      ...where,
      ssl: tls ? { ...tls } : false,
      types: asWritten,
      keepAlive: true,
      application_name: 'healthsync',
    });
    const session = new PostgresConnection(client, location);
    const abort = () => session.destroy();
    signal.addEventListener('abort', abort, { once: true });
    try {
      await client.connect();
      const { text, values } = settings();
      await client.query(text, [...values]);
    } catch (error) {
      session.destroy();
      throw error;
    } finally {
      signal.removeEventListener('abort', abort);
    }
    return session;
  };
}

/** Read only, in UTC and ISO 8601, floats to their last digit, no time spent on compiling plans. */
function settings(): Statement {
  const { latin, all } = foldTables();
  const named: readonly (readonly [string, string])[] = [
    ['default_transaction_read_only', 'on'],
    ['TimeZone', 'UTC'],
    ['DateStyle', 'ISO, YMD'],
    ['extra_float_digits', '3'],
    ['standard_conforming_strings', 'on'],
    ['jit', 'off'],
    ['cursor_tuple_fraction', '1'],
    [`${foldSettings.latin}_from`, latin.from],
    [`${foldSettings.latin}_to`, latin.to],
    [`${foldSettings.all}_from`, all.from],
    [`${foldSettings.all}_to`, all.to],
  ];
  return {
    text: `SELECT ${named.map((_, i) => `set_config($${2 * i + 1}, $${2 * i + 2}, false)`).join(', ')}`,
    values: named.flat(),
  };
}

class PostgresConnection implements Connection {
  alive = true;
  private timeoutMs = 0;
  private readonly prepared = new Prepared();

  constructor(
    private readonly client: pg.Client,
    private readonly location: ServerLocation,
  ) {
    const ended = () => {
      this.alive = false;
    };
    client.on('error', ended).on('end', ended);
  }

  async run(statement: Statement, timeoutMs: number): Promise<readonly TextRow[]> {
    await this.limit(timeoutMs);
    const { name, dropped } = this.prepared.nameOf(statement.text);
    if (dropped !== undefined) await this.drop(dropped);
    if (name === undefined) return this.query(statement);
    try {
      return await this.query(statement, name);
    } catch (error) {
      if (!this.alive || !stale.has((error as { readonly code?: unknown }).code)) throw error;
      await this.drop();
      return this.query(statement);
    }
  }

  async *stream({ text, values }: Statement, timeoutMs: number): AsyncGenerator<readonly TextRow[], void> {
    await this.limit(timeoutMs);
    await this.query({ text: 'BEGIN READ ONLY', values: [] });
    let failed = true;
    try {
      await this.query({ text: `DECLARE hs NO SCROLL CURSOR FOR ${text}`, values });
      for (;;) {
        const rows = await this.query({ text: `FETCH ${slice} FROM hs`, values: [] });
        if (rows.length > 0) yield rows;
        if (rows.length < slice) break;
      }
      failed = false;
    } finally {
      if (this.alive) await this.query({ text: failed ? 'ROLLBACK' : 'COMMIT', values: [] });
    }
  }

  /** https://www.postgresql.org/docs/current/protocol-flow.html#PROTOCOL-FLOW-CANCELING-REQUESTS */
  cancel(): Promise<void> {
    const { host, port } = this.location;
    const request = Buffer.alloc(16);
    const { processID, secretKey } = this.session;
    [request.length, cancelRequest, processID, secretKey].forEach((word, i) => {
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

  destroy(): void {
    this.alive = false;
    this.session.connection.stream.destroy();
  }

  private get session(): Session {
    return this.client as unknown as Session;
  }

  private async limit(timeoutMs: number): Promise<void> {
    if (this.timeoutMs === timeoutMs) return;
    await this.query({ text: `SET statement_timeout = ${Math.trunc(timeoutMs)}`, values: [] });
    this.timeoutMs = timeoutMs;
  }

  /** Lets go of one prepared statement, or of all. */
  private async drop(name?: string): Promise<void> {
    const { parsedStatements } = this.session.connection;
    for (const one of name === undefined ? Object.keys(parsedStatements) : [name]) delete parsedStatements[one];
    if (name === undefined) this.prepared.forget();
    await this.query({ text: `DEALLOCATE ${name ?? 'ALL'}`, values: [] });
  }

  private async query({ text, values }: Statement, name?: string): Promise<readonly TextRow[]> {
    const { rows } = await this.client.query<string[]>({
      text,
      values: [...values],
      rowMode: 'array',
      ...(name !== undefined && { name }),
    });
    return rows as unknown as readonly TextRow[];
  }
}
