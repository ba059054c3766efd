import { bound, type Fragment, sql } from './fragment.js';

/** Texts from `from` on, up to but without `to` (without end when absent), in code point order. */
export interface TextRange {
  readonly from: string;
  readonly to?: string;
}

export function beginningWith(prefix: string): TextRange {
  const to = after(prefix);
  return to === undefined ? { from: prefix } : { from: prefix, to };
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

/** The operators are those of code point order. */
export function within(column: string, { from, to }: TextRange, ge = '>=', lt = '<'): Fragment {
  const low = sql`${column} ${ge} ${bound(from)}`;
  return to === undefined ? low : sql`(${low} AND ${column} ${lt} ${bound(to)})`;
}
