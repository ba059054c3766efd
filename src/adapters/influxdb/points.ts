import { Fault } from '../../errors/fault.js';
import type { Call } from '../../source/adapter.js';
import { compareText } from '../../source/fold.js';
import type { TableRelation } from '../../source/relation.js';
import type { Cell } from '../../source/row.js';
import type { Bounds } from './bounds.js';
import { pointsQuery } from './compiler.js';
import type { Connection, Series } from './driver.js';
import type { Measurement } from './schema.js';
import { floor, timeText } from './time.js';

/** One point of a measurement: the cells of a relation's columns by name, and its series. */
export interface Point {
  readonly time: bigint;
  readonly cells: ReadonlyMap<string, Cell>;
  /** Its tags, in the order of their names: with the time they name it. */
  readonly tags: readonly (string | null)[];
}

export interface PointsAsked {
  readonly relation: TableRelation;
  readonly columns: readonly string[];
  readonly bounds: Bounds;
  readonly direction: 'asc' | 'desc';
  /** How many points will be enough, as far as is known. */
  readonly enough?: number;
}

const chunk = 5_000;
const leastWindow = 100;
const mostWindow = 20_000;

/**
 * The points within bounds, in the order of time; those of one second are given together, perhaps with those of others, in native
 * order: by time, then by their tags. InfluxDB itself leaves open which of two points of one time comes first.
 */
export async function* seconds(
  connection: Connection,
  measurement: Measurement,
  { relation, columns, bounds, direction, enough }: PointsAsked,
  call: Call,
): AsyncGenerator<readonly Point[]> {
  const reader = pointReader(relation, columns, measurement);
  let within = bounds;
  let window = enough === undefined || enough > mostWindow ? undefined : Math.max(leastWindow, enough + 1);
  for (;;) {
    const query = pointsQuery(measurement.name, within, direction, window);
    let group: Point[] = [];
    let at: bigint | undefined;
    let count = 0;
    const complete: Point[] = [];
    for await (const series of connection.parts(query, Math.min(window ?? chunk, chunk), call)) {
      const read = reader(series);
      for (const values of series.values) {
        const point = read(values);
        const second = floor(point.time);
        if (second !== at && group.length > 0) {
          if (window === undefined) yield inNativeOrder(group);
          else for (const one of inNativeOrder(group)) complete.push(one);
          group = [];
        }
        at = second;
        group.push(point);
        count++;
      }
    }
    if (at === undefined) return;
    if (window === undefined || count < window) {
      yield [...complete, ...inNativeOrder(group)];
      return;
    }
    if (complete.length > 0) yield complete;
    // The last second may go on behind the limit: the next window begins with it.
    within = { ...within, ...(direction === 'asc' ? { from: at } : { until: at + 1n }) };
    window = complete.length === 0 ? window * 8 : Math.min(window * 4, Math.max(window, mostWindow));
  }
}

function inNativeOrder(points: readonly Point[]): readonly Point[] {
  return points.length === 1 ? points : [...points].sort(compareNative);
}

function compareNative(a: Point, b: Point): number {
  if (a.time !== b.time) return a.time < b.time ? -1 : 1;
  for (const [i, tag] of a.tags.entries()) {
    const result = compareText(tag ?? '', b.tags[i] ?? '');
    if (result !== 0) return result;
  }
  return 0;
}

function pointReader(relation: TableRelation, columns: readonly string[], { tags, fields, name: table }: Measurement) {
  const wanted = columns.map((name) => {
    const path = relation.columns[name]?.path;
    if (path?.length !== 1)
      throw new Fault('source-schema', `Column ${path?.join('.') ?? name} of table ${table} does not exist`);
    const stored = path[0]!;
    const types = fields.get(stored) ?? [];
    if (types.length > 1 || (types.length > 0 && tags.has(stored)))
      throw new Fault(
        'source-schema',
        `Column ${stored} of table ${table} is of several types: ${[...types, ...(tags.has(stored) ? ['tag'] : [])].join(', ')}`,
      );
    return {
      name,
      stored,
      convert: stored === 'time' ? timeCell : tags.has(stored) ? tagCell : types[0] === 'float' ? floatCell : fieldCell,
    };
  });
  const sorted = [...tags].sort(compareText);
  return ({ columns: header }: Series) => {
    const at = new Map(header.map((name, i) => [name, i]));
    const time = at.get('time')!;
    const cells = wanted.map(({ name, stored, convert }) => ({ name, convert, index: at.get(stored) ?? -1 }));
    const places = sorted.map((tag) => at.get(tag) ?? -1);
    return (values: readonly unknown[]): Point => ({
      time: BigInt(values[time] as number | bigint),
      cells: new Map(cells.map(({ name, convert, index }) => [name, convert(values[index] ?? null)])),
      tags: places.map((index) => tagCell(values[index] ?? null)),
    });
  };
}

const timeCell = (value: unknown): Cell => timeText(BigInt(value as number | bigint));
const tagCell = (value: unknown): string | null => (value === null || value === '' ? null : String(value));
const floatCell = (value: unknown): Cell => (value === null ? null : Number(value));
const fieldCell = (value: unknown): Cell =>
  typeof value === 'number' || typeof value === 'string' || typeof value === 'boolean' || typeof value === 'bigint'
    ? value
    : null;
