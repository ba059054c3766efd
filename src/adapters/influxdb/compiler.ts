import type { Bounds } from './bounds.js';
import type { Query } from './driver.js';
import { nanoseconds, timeText } from './time.js';

/** The points of a measurement within bounds, in the order of time; names are quoted, values bound. */
export function pointsQuery(
  measurement: string,
  { from, until, tags }: Bounds,
  direction: 'asc' | 'desc',
  limit?: number,
): Query {
  const values: Record<string, string> = {};
  const bind = (value: string) => {
    const name = `p${Object.keys(values).length}`;
    values[name] = value;
    return `$${name}`;
  };
  const conditions: string[] = [];
  if (from !== undefined) conditions.push(`time >= ${bind(timeText(nanoseconds(from)))}`);
  if (until !== undefined) conditions.push(`time < ${bind(timeText(nanoseconds(until)))}`);
  for (const [tag, test] of tags) {
    const either = test.values.map((value) => `${quote(tag)} = ${bind(value)}`);
    if (test.untrimmed) either.push(`${quote(tag)} =~ /^[\\t-\\r ]|[\\t-\\r ]$/`);
    conditions.push(`(${either.join(' OR ')})`);
  }
  const where = conditions.length === 0 ? '' : ` WHERE ${conditions.join(' AND ')}`;
  const limited = limit === undefined ? '' : ` LIMIT ${Math.trunc(limit)}`;
  return {
    text: `SELECT * FROM ${quote(measurement)}${where} ORDER BY time ${direction.toUpperCase()}${limited}`,
    values,
  };
}

export function tagValuesQuery(measurement: string, tag: string): Query {
  return { text: `SHOW TAG VALUES FROM ${quote(measurement)} WITH KEY = ${quote(tag)}`, values: {} };
}

export function measurementQuery(measurement: string): Query {
  return { text: `SHOW MEASUREMENTS WITH MEASUREMENT = ${quote(measurement)}`, values: {} };
}

export function quote(identifier: string): string {
  return `"${identifier.replaceAll('\\', '\\\\').replaceAll('"', '\\"').replaceAll('\n', '\\n')}"`;
}
