import { Fault } from '../../errors/fault.js';
import type {
  Adapter,
  Batch,
  Call,
  LiveTable,
  Narrowed,
  NativeQuery,
  OrderTerm,
  Output,
  Scan,
  SourceLocation,
} from '../../source/adapter.js';
import { columnsOf } from '../../source/columns-of.js';
import { selectedValues } from '../../source/distinct-values.js';
import { cellText } from '../../source/evaluate.js';
import { keyIs } from '../../source/key.js';
import { partly } from '../../source/narrowed.js';
import { compareOrder, isAfter, orderValues } from '../../source/order.js';
import type { DistinctRelation, Relation, TableRelation } from '../../source/relation.js';
import type { Cell, Row } from '../../source/row.js';
import { predicate } from '../../source/select.js';
import { and, isOfOneRow, type Selection, TRUE } from '../../source/selection.js';
import { wanted } from '../../source/wanted.js';
import { type Bounds, both, boundsOf, type Place, unbounded } from './bounds.js';
import { capabilities } from './capabilities.js';
import { measurementQuery, pointsQuery, tagValuesQuery } from './compiler.js';
import { Connection, type Query } from './driver.js';
import { type Point, type PointsAsked, seconds } from './points.js';
import { type First, Keys, repeatsKind } from './repeats.js';
import { liveTables, type Measurement, readSchema, type Schema } from './schema.js';
import { spanOf } from './time.js';
import { InfluxdbWriting } from './writing.js';

const schemaMs = 30_000;
const batchRows = 500;

/**
 * A database of InfluxDB. A measurement is a table: its columns are tags, fields and `time` (time.ts); tags and time name a
 * point. Times and tags are asked of InfluxDB, the rest is looked at as points come. Points are in order of time: a key that
 * begins with `time` pages by itself.
 */
export function openInfluxdb(source: SourceLocation): Adapter {
  return new InfluxdbAdapter(source);
}

type TableScan = Pick<Scan, 'where' | 'order' | 'after' | 'limit'> & {
  readonly relation: TableRelation;
  readonly columns: readonly string[];
};

class InfluxdbAdapter implements Adapter {
  readonly capabilities = capabilities;
  readonly writing: InfluxdbWriting;
  private readonly connection: Connection;
  private schema: { readonly schema: Schema; readonly until: number } | undefined;

  constructor(private readonly source: SourceLocation) {
    this.connection = new Connection(source);
    this.writing = new InfluxdbWriting({
      measurement: async (relation, call) => {
        this.schema = undefined;
        return this.measurement(relation, call);
      },
      points: (relation, columns, key, call) => this.pointsOf(relation, columns, key, call),
      write: (lines, call) => this.connection.write(lines, call),
    });
  }

  narrow(scan: Omit<Scan, 'where'>, conjuncts: readonly Selection[]): Narrowed {
    const exact = conjuncts.map(isOfOneRow);
    const orderGuaranteed =
      scan.relation.kind !== 'table' || scan.order.length === 0 || byTime(scan.relation, scan.order);
    return partly(scan, and(...conjuncts.filter((_, i) => exact[i])), exact, orderGuaranteed);
  }

  async *scan(scan: Scan, call: Call): AsyncGenerator<Batch> {
    wanted(call);
    const { relation, output, limit = Number.POSITIVE_INFINITY } = scan;
    const names = output.map((one) => {
      if (one.kind === 'column') return one.column;
      throw new Fault('mapping', `Table ${one.relation.name} of source ${this.source.name} cannot be joined`, {
        source: this.source.name,
      });
    });
    if (relation.kind === 'constant') {
      const holds = predicate<undefined>(scan.where, { cell: () => () => null });
      if (limit > 0 && holds(undefined)) yield { rows: [[]] };
      return;
    }
    if (relation.kind === 'distinct') {
      const values = (await this.values(relation, scan, call)).slice(0, limit);
      for (let from = 0; from < values.length; from += batchRows)
        yield { rows: values.slice(from, from + batchRows).map((value) => names.map(() => value)) };
      return;
    }
    let rows: Row[] = [];
    let duplicates: number[] = [];
    for await (const firsts of this.firsts({ ...scan, relation, columns: columnsNeeded(scan, names) }, call)) {
      for (const { point, repeated } of firsts) {
        if (repeated) duplicates.push(rows.length);
        rows.push(names.map((name) => point.cells.get(name) ?? null));
      }
      if (rows.length < batchRows) continue;
      yield { rows, duplicates };
      [rows, duplicates] = [[], []];
    }
    if (rows.length > 0) yield { rows, duplicates };
  }

  async get(relation: Relation, output: readonly Output[], key: readonly Cell[], call: Call): Promise<Batch> {
    wanted(call);
    const where = keyIs(relation.key, key);
    if (where.op === 'false') return { rows: [] };
    for await (const batch of this.scan({ relation, output, where, order: [], limit: 1 }, call)) return batch;
    return { rows: [] };
  }

  async count(relation: Relation, where: Selection, call: Call): Promise<number> {
    let count = 0;
    const output = relation.kind === 'distinct' ? [{ kind: 'column', column: relation.key[0] } as const] : [];
    for await (const { rows } of this.scan({ relation, output, where, order: [] }, call)) count += rows.length;
    return count;
  }

  async explain(scan: Scan): Promise<readonly NativeQuery[]> {
    const { relation, order, limit } = scan;
    const call = { signal: new AbortController().signal, deadline: performance.now() + this.source.timeoutMs };
    const tables =
      relation.kind === 'table'
        ? [relation]
        : relation.kind === 'distinct'
          ? relation.of.map(({ table }) => table)
          : [];
    const queries: NativeQuery[] = [];
    for (const table of tables) {
      const measurement = await this.measurement(table, call);
      const bounds = relation.kind === 'table' ? this.bounds({ ...scan, relation }, measurement) : unbounded;
      const { text, values } = pointsQuery(measurement.name, bounds, order[0]?.direction ?? 'asc', limit);
      const index = [
        ...bounds.tags.keys(),
        ...(bounds.from === undefined && bounds.until === undefined ? [] : ['time']),
      ];
      queries.push({
        text,
        values: Object.values(values),
        ...(index.length > 0 ? { access: 'index', index: index.join(', ') } : { access: 'scan' }),
        plan: await this.plan({ text, values }, call),
      });
    }
    return queries;
  }

  /** What it says of a query (InfluxDB 3 has another EXPLAIN, or none): how many shards, series and blocks it would read. */
  private async plan({ text, values }: Query, call: Call): Promise<readonly string[]> {
    const told = await this.connection.all({ text: `EXPLAIN ${text}`, values }, call).catch(() => []);
    return told.flatMap((series) => series.values.map((row) => row.join(' ').trimEnd()));
  }

  async describe(call: Call): Promise<readonly LiveTable[]> {
    return liveTables(await this.readSchema(call));
  }

  async duplicateKeys(relation: TableRelation, limit: number, call: Call): Promise<readonly Row[]> {
    const keys: Row[] = [];
    for await (const firsts of this.firsts({ relation, columns: relation.key, where: TRUE, order: [] }, call)) {
      for (const { point, repeated } of firsts) {
        if (repeated) keys.push(relation.key.map((name) => point.cells.get(name) ?? null));
        if (keys.length >= limit) return keys.slice(0, limit);
      }
    }
    return keys;
  }

  async close(): Promise<void> {
    this.connection.close();
  }

  /** All points of a native key. */
  private async pointsOf(
    relation: TableRelation,
    columns: readonly string[],
    key: readonly Cell[],
    call: Call,
  ): Promise<readonly Point[]> {
    const where = keyIs(relation.key, key);
    const measurement = await this.measurement(relation, call);
    const holds = predicate<Point>(where, { cell: (column) => (point) => point.cells.get(column) ?? null });
    const bounds = boundsOf(where, placeIn(relation, measurement, undefined));
    const found: Point[] = [];
    for await (const points of seconds(
      this.connection,
      measurement,
      { relation, columns, bounds, direction: 'asc' },
      call,
    ))
      found.push(...points.filter(holds));
    return found;
  }

  /** The points that a scan selects, in its order, second after second. */
  private async *firsts(scan: TableScan, call: Call): AsyncGenerator<readonly First[]> {
    const { relation, where, order, after, limit = Number.POSITIVE_INFINITY } = scan;
    const measurement = await this.measurement(relation, call);
    const kind = repeatsKind(relation, measurement);
    const bounds = this.bounds(scan, measurement);
    const asked: PointsAsked = {
      relation,
      columns: scan.columns,
      bounds,
      direction: order[0]?.direction ?? 'asc',
      ...(Number.isFinite(limit) && { enough: limit }),
    };
    const counted = kind === 'counted' ? await this.counted(asked, where, measurement, call) : undefined;
    const holds = predicate<Point>(where, { cell: (column) => (point) => point.cells.get(column) ?? null });
    const inOrder = ordering(order, after);
    let left = limit;
    if (left <= 0) return;
    let found = false;
    for await (const points of seconds(this.connection, measurement, asked, call)) {
      found = true;
      const keys = counted ?? (kind === 'second' ? new Keys(relation) : undefined);
      if (keys !== counted) keys?.add(points);
      const firsts = keys ? keys.firsts(points) : points.map((point) => ({ point, repeated: false }));
      const selected = inOrder(firsts.filter(({ point }) => holds(point)));
      if (selected.length === 0) continue;
      yield selected.length > left ? selected.slice(0, left) : selected;
      left -= selected.length;
      if (left <= 0) return;
    }
    if (!found) await this.mustExist(relation, call);
  }

  /** A key that is not of time may occur anywhere: all points of the keys that are asked for are looked at. */
  private async counted(asked: PointsAsked, where: Selection, measurement: Measurement, call: Call): Promise<Keys> {
    const { relation } = asked;
    const inKey = new Set(relation.key.map((name) => relation.columns[name]?.path[0]));
    const { tags } = boundsOf(where, placeIn(relation, measurement, inKey));
    const keys = new Keys(relation);
    const all: PointsAsked = { relation, columns: relation.key, bounds: { tags }, direction: 'asc' };
    for await (const points of seconds(this.connection, measurement, all, call)) keys.add(points);
    return keys;
  }

  /** Points of one key are asked for together, so that the first of them is known. */
  private bounds(
    { relation, where, order, after }: Pick<TableScan, 'relation' | 'where' | 'order' | 'after'>,
    measurement: Measurement,
  ): Bounds {
    const inKey = new Set(relation.key.map((name) => relation.columns[name]?.path[0]));
    const only = repeatsKind(relation, measurement) === 'second' ? inKey : undefined;
    const bounds = boundsOf(where, placeIn(relation, measurement, only));
    const place = after?.values[0];
    const span = typeof place === 'string' ? spanOf(place) : undefined;
    if (!span) return bounds;
    const beyond = order[0]!.direction === 'asc' ? { from: span.from } : { until: span.until };
    return both(bounds, { ...beyond, tags: new Map() });
  }

  /** The values of a distinct relation that are selected: they are gathered, so they are no more than memory holds. */
  private async values(
    { of }: DistinctRelation,
    { where, order, after }: Pick<Scan, 'where' | 'order' | 'after'>,
    call: Call,
  ): Promise<readonly string[]> {
    const values = new Set<string>();
    for (const { table, column } of of) {
      const add = (cell: Cell) => {
        const text = cellText(cell);
        if (text !== null) values.add(text);
      };
      const measurement = await this.measurement(table, call);
      const stored = table.columns[column]?.path[0] ?? '';
      if (
        measurement.tags.has(stored) &&
        !measurement.fields.has(stored) &&
        repeatsKind(table, measurement) === 'none'
      ) {
        const found = await this.connection.all(tagValuesQuery(measurement.name, stored), call);
        for (const series of found) for (const row of series.values) add(String(row[series.columns.indexOf('value')]));
        if (found.length === 0) await this.mustExist(table, call);
        continue;
      }
      const columns = [...new Set([column, ...table.key])];
      for await (const firsts of this.firsts({ relation: table, columns, where: TRUE, order: [] }, call))
        for (const { point } of firsts) add(point.cells.get(column) ?? null);
    }
    return selectedValues(values, where, order, after);
  }

  private async measurement({ name }: TableRelation, call: Call): Promise<Measurement> {
    wanted(call);
    const known = this.schema && performance.now() < this.schema.until ? this.schema.schema.get(name) : undefined;
    const measurement = known ?? (await this.readSchema(call)).get(name);
    if (!measurement) throw this.missing(name);
    return measurement;
  }

  /** A measurement that went away looks like one without points. */
  private async mustExist({ name }: TableRelation, call: Call): Promise<void> {
    const found = await this.connection.all(measurementQuery(name), call);
    if (found.length > 0) return;
    this.schema = undefined;
    throw this.missing(name);
  }

  private missing(name: string): Fault {
    return new Fault('source-schema', `Table ${name} does not exist`, { source: this.source.name });
  }

  private async readSchema(call: Call): Promise<Schema> {
    wanted(call);
    const schema = await readSchema(this.connection, call);
    this.schema = { schema, until: performance.now() + schemaMs };
    return schema;
  }
}

/** Is the first of the order the time? Points of one second are put in order by all of it. */
function byTime(relation: TableRelation, order: readonly OrderTerm[]): boolean {
  const { as, column, part, absent } = order[0]!.of;
  return (
    relation.columns[column]?.path[0] === 'time' && (as === 'raw' || as === 'dateTime') && !part && !absent?.length
  );
}

function placeIn(
  { columns }: TableRelation,
  { tags, fields }: Measurement,
  only: ReadonlySet<string | undefined> | undefined,
): Place {
  return (column) => {
    const stored = columns[column]?.path[0];
    if (stored === 'time') return { kind: 'time' };
    if (stored === undefined || !tags.has(stored) || fields.has(stored)) return undefined;
    return only && !only.has(stored) ? undefined : { kind: 'tag', tag: stored };
  };
}

/** Every column that a scan needs: to hand over, to select, to order and to name rows by. */
function columnsNeeded({ relation, where, order }: Scan, output: readonly string[]): readonly string[] {
  return [...new Set([...output, ...relation.key, ...order.map(({ of }) => of.column), ...columnsOf(where)])];
}

function ordering(order: readonly OrderTerm[], after: Scan['after']): (firsts: readonly First[]) => readonly First[] {
  if (order.length === 0) return (firsts) => firsts;
  const valuesOf = orderValues(order);
  const follows = isAfter(order, after);
  return (firsts) =>
    firsts
      .map((first) => ({ first, values: valuesOf((column) => first.point.cells.get(column) ?? null) }))
      .filter(({ values }) => follows(values))
      .sort((a, b) => compareOrder(order, a.values, b.values))
      .map(({ first }) => first);
}
