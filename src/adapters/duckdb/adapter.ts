import { Fault } from '../../errors/fault.js';
import type {
  Adapter,
  Batch,
  Call,
  LiveTable,
  Narrowed,
  NativeQuery,
  Output,
  Scan,
  SourceLocation,
} from '../../source/adapter.js';
import { partly } from '../../source/narrowed.js';
import type { Relation, TableRelation } from '../../source/relation.js';
import type { Cell, Row } from '../../source/row.js';
import { and, type Selection } from '../../source/selection.js';
import { tablesOf } from '../../source/tables-of.js';
import { wanted, whileWanted } from '../../source/wanted.js';
import { capabilities } from './capabilities.js';
import { type CompiledScan, Compiler, type Input, type Inputs, type Repeats, repeatsStatement } from './compiler.js';
import { type Field, Sessions, type Slice, type Statement } from './driver.js';
import { sourceFault } from './failure.js';
import { Folder, type OpenFile } from './schema.js';
import { DuckdbWriting } from './writing.js';

/**
 * A folder of CSV or JSON files, each a table named by its stem, read where they lie. Nothing is kept of a file but its header
 * and the numbers of rows that repeat a native key, and that only until the file changes.
 */
export function openDuckdb(location: SourceLocation): Adapter {
  return new DuckdbAdapter(location);
}

class DuckdbAdapter implements Adapter {
  readonly capabilities = capabilities;
  readonly writing: DuckdbWriting;
  private readonly folder: Folder;
  private readonly sessions = new Sessions();
  private readonly repeats = new Map<string, { readonly version: string; readonly repeats: Promise<Repeats> }>();

  constructor(private readonly location: SourceLocation) {
    this.folder = new Folder(location.location, location.name, location.encoding);
    this.writing = new DuckdbWriting(this.folder, location.name, (...asked) => this.rowWithin(...asked));
  }

  narrow(scan: Omit<Scan, 'where'>, conjuncts: readonly Selection[]): Narrowed {
    const exact = conjuncts.map(capabilities.exact);
    const orderGuaranteed = scan.order.every(({ of }) => capabilities.orders(of));
    const where = and(...conjuncts.filter((_, i) => exact[i]));
    return partly(scan, where, exact, orderGuaranteed);
  }

  async *scan(scan: Scan, call: Call): AsyncGenerator<Batch> {
    for (let attempt = 1; ; attempt++) {
      let begun = false;
      try {
        const inputs = await this.inputs(tablesOf(scan), call);
        const compiled = new Compiler(inputs).scan(scan);
        for await (const batch of this.read(compiled, inputs, scan.limit, call, (slice) => batchOf(compiled, slice))) {
          begun = true;
          yield batch;
        }
        return;
      } catch (error) {
        if (begun || attempt === attempts || !hasChanged(error)) throw error;
      }
    }
  }

  async get(relation: Relation, output: readonly Output[], key: readonly Cell[], call: Call): Promise<Batch> {
    return again(() => this.found(relation, output, key, call));
  }

  private async found(relation: Relation, output: readonly Output[], key: readonly Cell[], call: Call): Promise<Batch> {
    const inputs = await this.inputs(tablesOf({ relation, output }), call);
    if (!key.every((value) => value !== null && typeof value !== 'object')) return { rows: [] };
    const compiled = new Compiler(inputs).get(relation, output, key as readonly Exclude<Cell, object | null>[]);
    for await (const batch of this.read(compiled, inputs, 1, call, (slice) => batchOf(compiled, slice))) return batch;
    return { rows: [] };
  }

  async count(relation: Relation, where: Selection, call: Call): Promise<number> {
    return again(async () => {
      const inputs = await this.inputs(tablesOf({ relation, output: [], where }), call);
      const rows = await this.all(new Compiler(inputs).count(relation, where), inputs, 1, call);
      return Number(rows[0]![0]);
    });
  }

  async explain(scan: Scan): Promise<readonly NativeQuery[]> {
    const call = { signal: new AbortController().signal, deadline: performance.now() + this.location.timeoutMs };
    const { text, values } = new Compiler(await this.inputs(tablesOf(scan), call)).scan(scan);
    return [{ text, values, access: 'scan' }];
  }

  async describe(call: Call): Promise<readonly LiveTable[]> {
    const tables: LiveTable[] = [];
    for (const name of await this.folder.stems()) {
      wanted(call);
      const file = await this.folder.open(name);
      const columns = file.kind === 'csv' ? file.header : await this.documentColumns(file, call);
      const type = file.kind === 'csv' ? 'text' : 'json';
      tables.push({
        name,
        columns: columns.map((column) => ({ name: column, type, nullable: true })),
        uniqueKeys: [],
        indexes: [],
      });
    }
    return tables;
  }

  async duplicateKeys(relation: TableRelation, limit: number, call: Call): Promise<readonly Row[]> {
    const inputs = await this.inputs([relation], call);
    const { first } = inputs.get(relation)!.repeats;
    if (first.length === 0) return [];
    const output = relation.key.map((column): Output => ({ kind: 'column', column }));
    const compiled = new Compiler(inputs).repeated(relation, output, limit);
    return batchOf(compiled, await this.all(compiled, inputs, limit, call)).rows;
  }

  close(): Promise<void> {
    return this.sessions.close();
  }

  /** The row of a key, where some files are as a transaction has them: no other row has the key. */
  private async rowWithin(
    relation: TableRelation,
    output: readonly Output[],
    key: readonly Cell[],
    files: ReadonlyMap<string, OpenFile>,
    call: Call,
  ): Promise<Row | undefined> {
    const tables = tablesOf({ relation, output });
    const others = await this.inputs(
      tables.filter(({ name }) => !files.has(name)),
      call,
    );
    const own = tables.flatMap((table) => {
      const file = files.get(table.name);
      return file ? [[table, { file, repeats: none }] as const] : [];
    });
    const inputs = new Map([...others, ...own]);
    const compiled = new Compiler(inputs).get(relation, output, key as readonly Exclude<Cell, object | null>[]);
    for await (const [row] of this.read(compiled, inputs, 1, call, (slice) => batchOf(compiled, slice).rows))
      return row;
    return undefined;
  }

  private async documentColumns(file: OpenFile, call: Call): Promise<readonly string[]> {
    const text = `SELECT DISTINCT unnest(json_keys(json)) AS name FROM ${file.from} WHERE json_type(json) = 'OBJECT' ORDER BY name`;
    const relation: TableRelation = { kind: 'table', name: file.stem, key: [], columns: {} };
    const inputs = new Map([[relation, { file, repeats: none }]]);
    return (await this.all({ text, values: [] }, inputs, undefined, call)).map(([name]) => String(name));
  }

  /** The file of each table as it is now, with the rows that repeat a native key. */
  private async inputs(tables: readonly TableRelation[], call: Call): Promise<Inputs> {
    wanted(call);
    const inputs = new Map<TableRelation, Input>();
    const files = new Map<string, OpenFile>();
    for (const table of tables) {
      const file = files.get(table.name) ?? (await whileWanted(this.folder.open(table.name), call, () => {}));
      files.set(table.name, file);
      inputs.set(table, { file, repeats: await this.repeatsOf(table, file, call) });
    }
    return inputs;
  }

  /** Asked once for each version of a file, which also proves that its records can be read. */
  private async repeatsOf(relation: TableRelation, file: OpenFile, call: Call): Promise<Repeats> {
    if (relation.key.length === 0) return none;
    const name = JSON.stringify([file.path, relation.key.map((key) => relation.columns[key]?.path)]);
    const known = this.repeats.get(name);
    if (known?.version === file.version) return whileWanted(known.repeats, call, () => {});
    // Whoever asks first may leave; the others still want to know.
    const patient = { signal: new AbortController().signal, deadline: performance.now() + this.location.timeoutMs };
    const asked = { version: file.version, repeats: this.findRepeats(relation, file, patient) };
    this.repeats.set(name, asked);
    asked.repeats.catch(() => {
      if (this.repeats.get(name) === asked) this.repeats.delete(name);
    });
    return whileWanted(asked.repeats, call, () => {});
  }

  private async findRepeats(relation: TableRelation, file: OpenFile, call: Call): Promise<Repeats> {
    const inputs = new Map([[relation, { file, repeats: none }]]);
    const some = await this.all(repeatsStatement(relation, file, false), inputs, 1, call);
    if (some.length === 0) return none;
    const groups = await this.all(repeatsStatement(relation, file, true), inputs, undefined, call);
    const numbers = groups.map(([list]) => (list as readonly Field[]).map(Number));
    return { first: numbers.map((rows) => rows[0]!), later: numbers.flatMap((rows) => rows.slice(1)) };
  }

  private async all(statement: Statement, inputs: Inputs, limit: number | undefined, call: Call): Promise<Slice> {
    const all: (readonly Field[])[] = [];
    for await (const rows of this.read(statement, inputs, limit, call, (slice) => slice))
      for (const row of rows) all.push(row);
    return all;
  }

  /** The slices of a result, each handed over after a look whether the files are still the same. */
  private async *read<T>(
    statement: Statement,
    inputs: Inputs,
    limit: number | undefined,
    call: Call,
    convert: (slice: Slice) => T,
  ): AsyncGenerator<T> {
    const files = new Set([...inputs.values()].map(({ file }) => file));
    let looked = false;
    try {
      for await (const slice of this.sessions.rows(statement, limit, call)) {
        const converted = convert(slice);
        await whileWanted(this.folder.unchanged(files), call, () => {});
        looked = true;
        yield converted;
      }
    } catch (error) {
      if (error instanceof Fault) throw error;
      await this.folder.unchanged(files);
      throw sourceFault(
        error,
        this.location.name,
        [...files].map(({ stem }) => stem),
      );
    }
    if (!looked || limit === undefined) await this.folder.unchanged(files);
  }
}

const none: Repeats = { first: [], later: [] };

/** A file that was replaced while it was read is read again, as long as nothing of it was handed over. */
const attempts = 5;

async function again<T>(read: () => Promise<T>): Promise<T> {
  for (let attempt = 1; ; attempt++) {
    try {
      return await read();
    } catch (error) {
      if (attempt === attempts || !hasChanged(error)) throw error;
    }
  }
}

function hasChanged(error: unknown): boolean {
  return error instanceof Fault && error.code === 'source-changed';
}

function batchOf(compiled: CompiledScan, rows: readonly (readonly Field[])[]): Batch {
  const read = rows.map(compiled.read);
  const duplicates = read.flatMap(({ repeated }, i) => (repeated ? [i] : []));
  const batch = { rows: read.map(({ row }) => row) };
  return duplicates.length === 0 ? batch : { ...batch, duplicates };
}
