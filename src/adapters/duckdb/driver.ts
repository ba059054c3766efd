import type {
  DuckDBConnection,
  DuckDBDataChunk,
  DuckDBInstance,
  DuckDBMaterializedResult,
  DuckDBPreparedStatement,
  DuckDBResult,
  DuckDBValue,
} from '@duckdb/node-api';
import type { Call } from '../../source/adapter.js';
import { fold } from '../../source/fold.js';
import { Gate } from '../../source/gate.js';
import type { Cell } from '../../source/row.js';
import { whileWanted } from '../../source/wanted.js';
import { decimalKey } from './decimal-key.js';
import { cellAt, parseDocument, rawKey } from './document.js';

export type Value = string | number | bigint | boolean;
/** A value of a result: text, number, boolean, or a list of such. */
export type Field = string | number | bigint | boolean | null | readonly Field[];

/** A statement with the values of `$1`, `$2` ... */
export interface Statement {
  readonly text: string;
  readonly values: readonly Value[];
}

interface Session {
  readonly connection: DuckDBConnection;
  readonly prepared: Map<string, DuckDBPreparedStatement>;
}

/** Node runs native calls on four threads: one stays free for files. */
const runningCalls = 3;
const idleSessions = 4;
const preparedStatements = 32;
const interruptEveryMs = 10;
const materialisedRows = 2_048;
const sliceRows = 512;

export type Slice = readonly (readonly Field[])[];

/** Nothing is written to disk, and nothing is fetched: what does not fit in memory fails. */
const settings = {
  threads: '2',
  memory_limit: '192MB',
  temp_directory: '',
  autoinstall_known_extensions: 'false',
  autoload_known_extensions: 'false',
  enable_external_file_cache: 'false',
};

/**
 * DuckDB in this process: one instance, opened at the first statement. All sources share its memory, and each has as many
 * sessions as it has results being read.
 */
class Database {
  readonly gate = new Gate(runningCalls);
  users = 0;
  private instance?: Promise<DuckDBInstance>;

  async connect(): Promise<DuckDBConnection> {
    this.instance ??= openInstance();
    return (await this.instance).connect();
  }

  async close(): Promise<void> {
    const instance = await this.instance?.catch(() => undefined);
    this.instance = undefined;
    instance?.closeSync();
  }
}

const database = new Database();

/** The sessions of one source. One that is slow leaves a running call to the others. */
export class Sessions {
  private readonly idle: Session[] = [];
  private readonly gate = new Gate(runningCalls - 1);
  private open = true;

  constructor() {
    database.users++;
  }

  /** Runs a statement and hands over its rows in slices; the rest is not computed when the reader stops early. */
  async *rows({ text, values }: Statement, limit: number | undefined, call: Call): AsyncGenerator<Slice> {
    const session = this.idle.pop() ?? (await this.session(call));
    let finished = false;
    try {
      const whole = limit !== undefined && limit <= materialisedRows;
      const result: DuckDBResult = await this.native(session, call, async () => {
        const statement = await prepare(session, text);
        values.forEach((value, i) => {
          bind(statement, i + 1, value);
        });
        return whole ? statement.run() : statement.stream();
      });
      if (whole) {
        finished = true;
        const { chunkCount } = result as DuckDBMaterializedResult;
        for (let i = 0; i < chunkCount; i++) yield* slices((result as DuckDBMaterializedResult).getChunk(i));
        return;
      }
      for (;;) {
        const chunk = await this.native(session, call, () => result.fetchChunk());
        if (!chunk || chunk.rowCount === 0) break;
        yield* slices(chunk);
      }
      finished = true;
    } finally {
      this.release(session, finished);
    }
  }

  async close(): Promise<void> {
    if (!this.open) return;
    this.open = false;
    for (const { connection } of this.idle.splice(0)) connection.closeSync();
    database.users--;
    if (database.users === 0) await database.close();
  }

  private async session(call: Call): Promise<Session> {
    return { connection: await whileWanted(database.connect(), call, () => {}), prepared: new Map() };
  }

  private release(session: Session, finished: boolean): void {
    if (finished && this.open && this.idle.length < idleSessions) this.idle.push(session);
    else session.connection.interrupt();
  }

  /** One native call: waits for its turn, and is interrupted when the answer is no longer wanted. */
  private async native<T>({ connection }: Session, call: Call, work: () => Promise<T>): Promise<T> {
    const leaveSource = await this.gate.enter(call);
    const leave = await database.gate.enter(call).catch((error: unknown) => {
      leaveSource();
      throw error;
    });
    const running = work().finally(() => {
      leave();
      leaveSource();
    });
    return whileWanted(running, call, () => {
      // An interrupt that comes before DuckDB has begun is lost.
      connection.interrupt();
      const again = setInterval(() => connection.interrupt(), interruptEveryMs);
      running.catch(() => undefined).finally(() => clearInterval(again));
    });
  }
}

/** A chunk in slices that do not hold the thread long: its values are decoded slice by slice. */
async function* slices(chunk: DuckDBDataChunk): AsyncGenerator<Slice> {
  const { rowCount } = chunk;
  for (let from = 0; from < rowCount; from += sliceRows) {
    if (from > 0) await new Promise(setImmediate);
    const rows: (readonly Field[])[] = [];
    for (let row = from; row < Math.min(from + sliceRows, rowCount); row++)
      rows.push(chunk.getRowValues(row).map(field));
    yield rows;
  }
}

/** The driver takes 0.2 s to load, so it is loaded when a file is first read. */
async function openInstance(): Promise<DuckDBInstance> {
  const { DuckDBInstance, DuckDBScalarFunction, VARCHAR } = await import('@duckdb/node-api');
  const instance = await DuckDBInstance.create(':memory:', settings);
  const connection = await instance.connect();
  for (const [name, { parameters, compute }] of Object.entries(functions)) {
    connection.registerScalarFunction(
      DuckDBScalarFunction.create({
        name,
        parameterTypes: Array.from({ length: parameters }, () => VARCHAR),
        returnType: VARCHAR,
        mainFunction: (_, input, output) => {
          const columns = Array.from({ length: parameters }, (_, i) => input.getColumnValues(i) as (string | null)[]);
          for (let row = 0; row < input.rowCount; row++) {
            const values = columns.map((column) => column[row] ?? null);
            output.setItem(row, values.includes(null) ? null : compute(...(values as [string, string])));
          }
          output.flush();
        },
      }),
    );
  }
  connection.closeSync();
  return instance;
}

/** What SQL alone would not say exactly; DuckDB calls them only for the rows that need them. */
const functions: Readonly<
  Record<string, { readonly parameters: number; readonly compute: (text: string, pointer: string) => string | null }>
> = {
  fold: { parameters: 1, compute: (text) => fold(text) },
  decimal_key: { parameters: 1, compute: (text) => decimalKey(text) },
  json_text: { parameters: 2, compute: (text, pointer) => scalarText(scalarAt(text, pointer)) },
  json_key: { parameters: 2, compute: (text, pointer) => rawKey(scalarAt(text, pointer)) },
};

function scalarAt(text: string, pointer: string): Cell {
  const path = pointer.split('/').slice(1);
  return cellAt(
    parseDocument(text),
    path.map((step) => step.replaceAll('~1', '/').replaceAll('~0', '~')),
  );
}

const scalarText = (cell: Cell): string | null => (cell === null || typeof cell === 'object' ? null : String(cell));

async function prepare({ connection, prepared }: Session, text: string): Promise<DuckDBPreparedStatement> {
  const known = prepared.get(text);
  if (known) {
    prepared.delete(text);
    prepared.set(text, known);
    return known;
  }
  const statement = await connection.prepare(text);
  prepared.set(text, statement);
  for (const [oldest, unused] of prepared) {
    if (prepared.size <= preparedStatements) break;
    prepared.delete(oldest);
    unused.destroySync();
  }
  return statement;
}

function bind(statement: DuckDBPreparedStatement, index: number, value: Value): void {
  if (typeof value === 'string') statement.bindVarchar(index, value);
  else if (typeof value === 'boolean') statement.bindBoolean(index, value);
  else if (typeof value === 'bigint') statement.bindBigInt(index, value);
  else statement.bindDouble(index, value);
}

function field(value: DuckDBValue): Field {
  if (typeof value === 'object' && value !== null && 'items' in value)
    return (value.items as readonly DuckDBValue[]).map(field);
  return value as Field;
}
