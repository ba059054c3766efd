import { any, bound, type Fragment, joined, sql } from '../sql/fragment.js';

/** Texts from `from` on, up to but without `to` (without end when absent), in code point order. */
export interface Range {
  readonly from: string;
  readonly to?: string;
}

/** Where texts lie that begin with white space: few columns have any, so it costs one index step. */
export const leadingSpace: Range = { from: '\t', to: '!' };

export function beginningWith(prefix: string): Range {
  const to = after(prefix);
  return to === undefined ? { from: prefix } : { from: prefix, to };
}

/** Texts that are the value with perhaps white space behind it, and few others. */
export function trailed(value: string): Range {
  return { from: value, to: `${value}!` };
}

/** Texts that begin with the head and go on with a character beyond ASCII: an accent, a mark, another alphabet. */
export function followedByNonAscii(head: string): readonly Range[] {
  return [{ ...beginningWith(head), from: `${head}\u0080` }];
}

export function within(column: string, { from, to }: Range): Fragment {
  const low = sql`${column} >= ${bound(from)}`;
  return to === undefined ? low : sql`(${low} AND ${column} < ${bound(to)})`;
}

/**
 * Rows with a text of any of the ranges, found by one index search for each. As a disjunction SQLite would rather read the whole
 * table; without a rowid to name rows by it has to.
 */
export function withinAny({ name, alias, table, rowid }: Searched, ranges: readonly Range[]): Fragment {
  if (ranges.length === 1) return within(`${alias}.${name}`, ranges[0]!);
  if (rowid === undefined) return any(ranges.map((range) => within(`${alias}.${name}`, range)));
  const searches = ranges.map(
    (range) =>
      sql`SELECT r.${rowid} FROM ${table} AS r WHERE ${within(`r.${name}`, range)} AND hs_tick_inner(r.${rowid})`,
  );
  return sql`${alias}.${rowid} IN (${joined(searches, ' UNION ALL ')})`;
}

/** A column that an index is searched by: its quoted name, perhaps with a collation, and how its table's rows are named. */
export interface Searched {
  readonly name: string;
  readonly alias: string;
  readonly table: string;
  readonly rowid: string | undefined;
}

/** The least text above all that begin with the prefix. */
function after(prefix: string): string | undefined {
  const points = [...prefix];
  while (points.length > 0) {
    const last = points.pop()!.codePointAt(0)!;
    if (last < 0x10ffff) return points.join('') + String.fromCodePoint(last === 0xd7ff ? 0xe000 : last + 1);
  }
  return undefined;
}
