import type { TextRange } from '../../source/text-range.js';
import { any, type Fragment, joined, sql } from '../sql/fragment.js';
import { within } from '../sql/text-range.js';

/**
 * Rows with a text of any of the ranges, found by one index search for each. As a disjunction SQLite would rather read the whole
 * table; without a rowid to name rows by it has to.
 */
export function withinAny({ name, alias, table, rowid }: Searched, ranges: readonly TextRange[]): Fragment {
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
