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
import { selectedValues } from '../../source/distinct-values.js';
import { cellText } from '../../source/evaluate.js';
import { partly } from '../../source/narrowed.js';
import type { DistinctRelation, Relation, TableRelation } from '../../source/relation.js';
import type { Cell, Row } from '../../source/row.js';
import { and, isOfOneRow, type Selection } from '../../source/selection.js';
import { tablesOf } from '../../source/tables-of.js';
import { wanted } from '../../source/wanted.js';
import { alongKey } from './along-key.js';
import { capabilities } from './capabilities.js';
import { cellOf } from './cell.js';
import { type Compiled, Compiler, type Known, type TableScan } from './compiler.js';
import { ofColumn } from './distinct-columns.js';
import { batchRows, Connection, type Fields } from './driver.js';
import { explained, type Operator } from './explain.js';
import { patternOf } from './pattern.js';
import { unsaidPlace } from './place.js';
import { type Repeats, repeatsCypher, repeatsKind } from './repeats.js';
import { describeSchema, namesInUse, readSchema, type Schema } from './schema.js';
import { Neo4jWriting } from './writing.js';

/** How long indexes, constraints and labels are taken to be as they were. */
const schemaMs = 30_000;
const valuesBatch = 500;

/** A Neo4j database (5.23 or later): labels and relationships as tables (pattern.ts), read by Bolt. */
export function openNeo4j(source: SourceLocation): Adapter {
  return new Neo4jAdapter(source);
}

class Neo4jAdapter implements Adapter {
  readonly capabilities = capabilities;
  readonly writing: Neo4jWriting;
  private readonly connection: Connection;
  private schema: { readonly schema: Schema; readonly until: number } | undefined;

  constructor(private readonly source: SourceLocation) {
    this.connection = new Connection(source);
    this.writing = new Neo4jWriting(this.connection, (tables, call) => this.known(tables, call));
  }

  narrow(scan: Omit<Scan, 'where'>, conjuncts: readonly Selection[]): Narrowed {
    const distinct = scan.relation.kind === 'distinct';
    const exact = conjuncts.map(distinct ? isOfOneRow : capabilities.exact);
    const orderGuaranteed = distinct || scan.order.every(({ of }) => capabilities.orders(of));
    const where = and(...conjuncts.filter((_, i) => !distinct || exact[i]));
    return partly(scan, where, exact, orderGuaranteed);
  }

  async *scan(scan: Scan, call: Call): AsyncGenerator<Batch> {
    if (scan.relation.kind === 'distinct') {
      const values = await this.values(scan.relation, scan, call);
      const limited = values.slice(0, scan.limit);
      for (let from = 0; from < limited.length; from += valuesBatch)
        yield await this.valueRows(limited.slice(from, from + valuesBatch), scan.output, call);
      return;
    }
    const { relation } = scan;
    const known = await this.known(tablesOf(scan), call);
    const unsaid = unsaidPlace(scan);
    let found = false;
    for await (const batch of this.ordered({ ...(unsaid ?? scan), relation }, known, call)) {
      found = true;
      if (!unsaid) {
        yield batch;
        continue;
      }
      const { batch: kept, full } = unsaid.keep(batch);
      if (kept.rows.length > 0) yield kept;
      if (full) return;
    }
    if (!found) await this.mustExist(tablesOf(scan), call);
  }

  async get(relation: Relation, output: readonly Output[], key: readonly Cell[], call: Call): Promise<Batch> {
    wanted(call);
    if (relation.kind === 'distinct') {
      const value = key[0]!;
      const where: Selection =
        typeof value === 'string'
          ? { op: 'compare', of: { column: relation.key[0], as: 'raw' }, test: 'eq', value }
          : { op: 'false' };
      const values = await this.values(relation, { where, order: [] }, call);
      return this.valueRows(values, output, call);
    }
    const tables = tablesOf({ relation, output });
    if (relation.kind === 'constant') {
      const known = await this.known(tables, call);
      return this.one(new Compiler(known).scan({ relation, output, where: { op: 'true' }, order: [] }), call);
    }
    if (key.some((cell) => cell === null || typeof cell === 'object')) return { rows: [] };
    // The table's own key is sought; only what is related may have rows to leave out.
    const known = await this.known(
      tables.filter((table) => table !== relation),
      call,
    );
    const { rows } = await this.one(new Compiler(known).get(relation, output, key), call);
    if (rows.length === 0) await this.mustExist([relation], call);
    return rows.length > 1 ? { rows: rows.slice(0, 1), duplicates: [0] } : { rows };
  }

  async count(relation: Relation, where: Selection, call: Call): Promise<number> {
    if (relation.kind === 'distinct') return (await this.values(relation, { where, order: [] }, call)).length;
    const known = await this.known(tablesOf({ relation, output: [], where }), call);
    const rows = await this.connection.all(new Compiler(known).count(relation, where), call);
    const count = Number(rows[0]![0]);
    if (count === 0 && relation.kind === 'table') await this.mustExist([relation], call);
    return count;
  }

  async explain(scan: Scan): Promise<readonly NativeQuery[]> {
    const call = { signal: new AbortController().signal, deadline: performance.now() + this.source.timeoutMs };
    const known = await this.known(tablesOf(scan), call);
    const { relation } = scan;
    const statements =
      relation.kind === 'distinct'
        ? relation.of.map(({ table, column }) =>
            new Compiler(known).distinct(table, column, ofColumn(scan.where, column)),
          )
        : [this.statement({ ...(unsaidPlace(scan) ?? scan), relation }, known)];
    const queries: NativeQuery[] = [];
    for (const statement of statements)
      queries.push(explained(statement, (await this.connection.plan(statement, call)) as unknown as Operator));
    return queries;
  }

  async describe(call: Call): Promise<readonly LiveTable[]> {
    return describeSchema(this.connection, await this.readSchema(call), call);
  }

  async duplicateKeys(relation: TableRelation, limit: number, call: Call): Promise<readonly Row[]> {
    wanted(call);
    if (relation.key.length === 0) return [];
    const text = `${repeatsCypher(relation)} ORDER BY first LIMIT $limit`;
    const rows = await this.connection.all({ text, values: { limit: BigInt(limit) } }, call);
    return rows.map(([key]) => (key as readonly unknown[]).map(cellOf));
  }

  close(): Promise<void> {
    return this.connection.close();
  }

  /** The rows of a scan; along an index where it says that they are in order. */
  private async *ordered(scan: TableScan, known: Known, call: Call): AsyncGenerator<Batch> {
    const { relation, limit = Number.POSITIVE_INFINITY } = scan;
    const few = limit <= batchRows;
    if (relation.kind === 'table' && limit > 0 && alongKey(scan, known.schema)) {
      const compiled = new Compiler(known).texts({ ...scan, relation });
      let seen = 0;
      for await (const fields of this.connection.rows(compiled, call, few)) {
        if (fields[0]!.at(-1) === true) {
          seen = 0;
          break;
        }
        seen += fields.length;
        yield batchOf(compiled, fields);
      }
      if (seen >= limit) return;
      if (seen > 0) {
        const left = scan.limit === undefined ? {} : { limit: scan.limit - seen };
        yield* this.batches(new Compiler(known).others({ ...scan, ...left, relation }), call, few);
        return;
      }
    }
    yield* this.batches(new Compiler(known).scan({ ...scan, relation }), call, few);
  }

  /** The first statement of `ordered`. */
  private statement(scan: TableScan, known: Known): Compiled {
    const { relation } = scan;
    return relation.kind === 'table' && alongKey(scan, known.schema)
      ? new Compiler(known).texts({ ...scan, relation })
      : new Compiler(known).scan(scan);
  }

  private async *batches(compiled: Compiled, call: Call, few = false): AsyncGenerator<Batch> {
    for await (const fields of this.connection.rows(compiled, call, few)) yield batchOf(compiled, fields);
  }

  private async one(compiled: Compiled, call: Call): Promise<Batch> {
    for await (const batch of this.batches(compiled, call, true)) return batch;
    return { rows: [] };
  }

  /** The values of a distinct relation that are selected: they are gathered, so they are no more than memory holds. */
  private async values(
    { of }: DistinctRelation,
    { where, order, after }: Pick<Scan, 'where' | 'order' | 'after'>,
    call: Call,
  ): Promise<readonly string[]> {
    const known = await this.known(
      of.map(({ table }) => table),
      call,
    );
    const values = new Set<string>();
    for (const { table, column } of of) {
      const statement = new Compiler(known).distinct(table, column, ofColumn(where, column));
      let found = false;
      for await (const rows of this.connection.rows(statement, call)) {
        found = true;
        for (const [field] of rows) {
          const text = cellText(cellOf(field));
          if (text !== null) values.add(text);
        }
      }
      if (!found) await this.mustExist([table], call);
    }
    return selectedValues(values, where, order, after);
  }

  /** Values as rows, with what belongs to them. */
  private async valueRows(values: readonly string[], output: readonly Output[], call: Call): Promise<Batch> {
    if (values.length === 0 || output.every(({ kind }) => kind === 'column'))
      return { rows: values.map((value) => output.map(() => value)) };
    const related = output.flatMap((one) => (one.kind === 'column' ? [] : [one.relation]));
    const compiled = new Compiler(await this.known(related, call)).ofValues(values, output);
    const rows: Row[] = [];
    for await (const { rows: some } of this.batches(compiled, call)) rows.push(...some);
    return { rows };
  }

  /** What the statement of a scan needs to know of the tables it names. */
  private async known(tables: readonly TableRelation[], call: Call): Promise<Known> {
    wanted(call);
    const schema = await this.currentSchema(call);
    const repeats = new Map<TableRelation, Repeats>();
    for (const table of tables) {
      const kind = repeatsKind(table, schema);
      repeats.set(table, kind === 'listed' ? await this.listed(table, call) : { kind });
    }
    return { schema, repeats };
  }

  private async listed(table: TableRelation, call: Call): Promise<Repeats> {
    const rows = await this.connection.all({ text: repeatsCypher(table), values: {} }, call);
    return { kind: 'listed', keys: rows.map(([key]) => key as readonly Cell[]), first: rows.map(([, first]) => first) };
  }

  private async currentSchema(call: Call): Promise<Schema> {
    if (this.schema && performance.now() < this.schema.until) return this.schema.schema;
    return this.readSchema(call);
  }

  private async readSchema(call: Call): Promise<Schema> {
    wanted(call);
    const schema = await readSchema(this.connection, call);
    this.schema = { schema, until: performance.now() + schemaMs };
    return schema;
  }

  /**
   * A label or type that no node or relationship has, and no index names, is a table that does not exist, or no longer: nothing else
   * tells of it, so it is asked each time that nothing was found.
   */
  private async mustExist(tables: readonly TableRelation[], call: Call): Promise<void> {
    const used = await namesInUse(this.connection, call);
    for (const { name } of tables) {
      const pattern = patternOf(name);
      const owner = pattern.kind === 'node' ? pattern.label : pattern.type;
      if (used.has(owner) || (await this.readSchema(call)).indexesOf(owner).length > 0) continue;
      throw new Fault('source-schema', `Table ${name} does not exist`, { source: this.source.name });
    }
  }
}

function batchOf(compiled: Compiled, fields: readonly Fields[]): Batch {
  const read = fields.map(compiled.read);
  const duplicates = read.flatMap(({ repeated }, i) => (repeated ? [i] : []));
  const rows = read.map(({ row }) => row);
  return duplicates.length === 0 ? { rows } : { rows, duplicates };
}
