import type { TextRange } from '../../source/text-range.js';
import { bound, type Fragment, sql } from './fragment.js';

/** The operators are those of code point order. */
export function within(column: string, { from, to }: TextRange, ge = '>=', lt = '<'): Fragment {
  const low = sql`${column} ${ge} ${bound(from)}`;
  return to === undefined ? low : sql`(${low} AND ${column} ${lt} ${bound(to)})`;
}
