import type {
  Adapter,
  Batch,
  Call,
  Capabilities,
  LiveTable,
  Narrowed,
  NativeQuery,
  Output,
  Scan,
  SourceLocation,
  Writing,
} from '../../../source/adapter.js';
import { exactBut } from '../../../source/exact.js';
import { keyIs } from '../../../source/key.js';
import { partly } from '../../../source/narrowed.js';
import { OnlyBatch } from '../../../source/only-batch.js';
import type { Relation, TableRelation } from '../../../source/relation.js';
import type { Cell, Row } from '../../../source/row.js';
import { and, type Leaf, type Selection } from '../../../source/selection.js';
import { wanted } from '../../../source/wanted.js';
import { relatedBy, rowsOf } from './cells.js';
import { duplicatesStatement } from './duplicates.js';
import { countStatement, type Select, select } from './select.js';
import { Server } from './server.js';
import type { TextRow, Vendor } from './vendor.js';
import { weakened } from './weakened.js';
import { ServerWriting } from './writing.js';

/** Rows that are fetched at once, whatever they are. */
const mostAtOnce = 2_000;
const unordered: Scan['order'] = [];

/** A SQL server, read over its own protocol, and written where it is asked to be. Each call tells whether it is there. */
export class ServerAdapter implements Adapter {
  readonly writing: Writing;
  private readonly server: Server;

  constructor(
    vendor: Vendor,
    private readonly location: SourceLocation,
    readonly capabilities: Capabilities,
  ) {
    this.server = new Server(vendor, location);
    this.writing = new ServerWriting(this.server);
  }

  narrow(scan: Omit<Scan, 'where'>, conjuncts: readonly Selection[]): Narrowed {
    const { capabilities } = this;
    const known = this.server.compiler();
    const inexact = (leaf: Leaf) => !capabilities.exact(leaf);
    const isExact = known
      ? exactBut((leaf) => inexact(leaf) && !known.certain(scan.relation, leaf), inexact)
      : capabilities.exact;
    const exact = conjuncts.map(isExact);
    const orderGuaranteed = scan.order.every(
      ({ of }) => capabilities.orders(of) || known?.orders(scan.relation, of) === true,
    );
    return partly(
      scan,
      and(...conjuncts.map((one, i) => (exact[i] ? one : weakened(one, isExact)))),
      exact,
      orderGuaranteed,
    );
  }

  scan(scan: Scan, call: Call): AsyncIterable<Batch> {
    return isShort(scan) ? new OnlyBatch(() => this.short(scan, call)) : this.long(scan, call);
  }

  get(relation: Relation, output: readonly Output[], key: readonly Cell[], call: Call): Promise<Batch> {
    return this.short({ relation, output, where: keyIs(relation.key, key), order: unordered, limit: 1 }, call);
  }

  async count(relation: Relation, where: Selection, call: Call): Promise<number> {
    return this.tried(call, async () => {
      const statement = await this.server.compile(call, (compiler) => countStatement(compiler, relation, where));
      return Number((await this.server.all(statement, call))[0]![0]);
    });
  }

  async explain(scan: Scan): Promise<readonly NativeQuery[]> {
    const call = { signal: new AbortController().signal, deadline: performance.now() + this.location.timeoutMs };
    const { legs } = await this.server.compile(call, (compiler) => select(compiler, scan));
    const queries: NativeQuery[] = [];
    for (const leg of legs) {
      const statement = this.server.statement(leg);
      queries.push({ ...statement, ...(await this.server.explain(statement, call)) });
    }
    return queries;
  }

  async describe(call: Call): Promise<readonly LiveTable[]> {
    const catalog = await this.server.catalog(call);
    return [...catalog.values()].map(({ name, columns, uniqueKeys, indexes }) => ({
      name,
      columns: columns.map(({ name, type, nullable, collation }) => ({
        name,
        type,
        nullable,
        ...(collation !== undefined && { collation }),
      })),
      uniqueKeys,
      indexes,
    }));
  }

  async duplicateKeys(relation: TableRelation, limit: number, call: Call): Promise<readonly Row[]> {
    return this.tried(call, async () => {
      const { statement, read } = await this.server.compile(call, (compiler) =>
        duplicatesStatement(compiler, relation, limit),
      );
      const rows = await this.server.all(statement, call);
      return rows.map((row) => read.map((cell, i) => cell(row[i]!)));
    });
  }

  async close(): Promise<void> {
    await this.server.close();
  }

  /** With the tables as they are known; once more when they turn out to be others. */
  private async tried<T>(call: Call, ask: () => Promise<T>): Promise<T> {
    wanted(call);
    const begun = performance.now();
    try {
      return await ask();
    } catch (error) {
      if (!this.server.outdated(error, begun)) throw error;
      return ask();
    }
  }

  /** The rows of a scan that are fetched at once. */
  private async short(scan: Scan, call: Call): Promise<Batch> {
    const begun = performance.now();
    try {
      return await this.atOnce(scan, call);
    } catch (error) {
      if (!this.server.outdated(error, begun)) throw error;
      return this.atOnce(scan, call);
    }
  }

  private async atOnce(scan: Scan, call: Call): Promise<Batch> {
    const made = this.server.compile(call, (compiler) => select(compiler, scan));
    const compiled = made instanceof Promise ? await made : made;
    const [leg, ...others] = compiled.legs;
    let rows = leg ? await this.server.all(leg, call) : [];
    for (const other of others) {
      if (rows.length >= scan.limit!) break;
      rows = [...rows, ...(await this.server.all(other, call))];
    }
    return this.batch(scan.output, compiled, rows.length > scan.limit! ? rows.slice(0, scan.limit) : rows, call);
  }

  /** A scan whose rows are read as they come. */
  private async *long(scan: Scan, call: Call): AsyncGenerator<Batch> {
    const begun = performance.now();
    for (;;) {
      let some = false;
      try {
        for await (const batch of this.once(scan, call)) {
          some = true;
          yield batch;
        }
        return;
      } catch (error) {
        if (some || !this.server.outdated(error, begun)) throw error;
      }
    }
  }

  private async *once(scan: Scan, call: Call): AsyncGenerator<Batch> {
    const compiled = await this.server.compile(call, (compiler) => select(compiler, scan));
    let remaining = scan.limit ?? Number.POSITIVE_INFINITY;
    for (const leg of compiled.legs) {
      if (remaining <= 0) return;
      for await (const rows of this.server.rows(leg, call)) {
        const some = rows.length > remaining ? rows.slice(0, remaining) : rows;
        remaining -= some.length;
        if (some.length > 0) yield await this.batch(scan.output, compiled, some, call);
      }
    }
  }

  private batch(
    output: readonly Output[],
    { outputs, repeatedAt }: Select,
    rows: readonly TextRow[],
    call: Call,
  ): Batch | Promise<Batch> {
    if (rows.length === 0) return { rows: [] };
    const related = relatedBy(
      (make) => this.server.compile(call, make),
      (statement) => this.server.all(statement, call, true),
    );
    const found = rowsOf(output, outputs, rows, related);
    const batch = found instanceof Promise ? found.then((whole) => ({ rows: whole })) : { rows: found };
    if (repeatedAt === undefined) return batch;
    const duplicates = rows.flatMap((row, i) => (row[repeatedAt] === null ? [] : [i]));
    if (duplicates.length === 0) return batch;
    return batch instanceof Promise ? batch.then((whole) => ({ ...whole, duplicates })) : { ...batch, duplicates };
  }
}

function isShort({ limit }: Scan): boolean {
  return limit !== undefined && limit <= mostAtOnce;
}
