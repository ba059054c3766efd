import { bound, type Fragment, sql } from '../sql/fragment.js';

/** Texts from `from` on, up to but without `to` (without end when absent), in code point order. */
export interface Range {
  readonly from: string;
  readonly to?: string;
}

/** Where texts lie that begin with white space (ECMAScript's): all but a few columns have none, so each costs one index step. */
export const leadingSpace: readonly Range[] = [
  { from: '\t', to: '\u000e' },
  { from: ' ', to: '!' },
  ...[...'\u00a0\u1680\u202f\u205f\u3000\ufeff'].map(beginningWith),
  { from: '\u2000', to: '\u200b' },
  { from: '\u2028', to: '\u202a' },
];

export function beginningWith(prefix: string): Range {
  const to = after(prefix);
  return to === undefined ? { from: prefix } : { from: prefix, to };
}

/** Texts that are the value with perhaps white space behind it, and few others. */
export function trailed(value: string): readonly Range[] {
  return [{ from: value, to: `${value}!` }, ...followedByNonAscii(value)];
}

/** Texts that begin with the head and go on with a character beyond ASCII: an accent, a mark, another alphabet. */
export function followedByNonAscii(head: string): readonly Range[] {
  return [{ ...beginningWith(head), from: `${head}\u0080` }];
}

export function within(column: string, { from, to }: Range): Fragment {
  const low = sql`${column} >= ${bound(from)}`;
  return to === undefined ? low : sql`(${low} AND ${column} < ${bound(to)})`;
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
