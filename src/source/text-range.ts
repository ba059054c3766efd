/** Texts from `from` on, up to but without `to` (without end when absent), in code point order. */
export interface TextRange {
  readonly from: string;
  readonly to?: string;
}

/** Where texts lie that begin with white space (`space.ts`): few columns have any, so it costs one index step. */
export const leadingSpace: TextRange = { from: '\t', to: '!' };

export function beginningWith(prefix: string): TextRange {
  const to = after(prefix);
  return to === undefined ? { from: prefix } : { from: prefix, to };
}

/** Texts that are the value with perhaps white space behind it, and few others. */
export function trailed(value: string): TextRange {
  return { from: value, to: `${value}!` };
}

/** Texts that begin with the head and go on with a character beyond ASCII: an accent, a mark, another alphabet. */
export function followedByNonAscii(head: string): TextRange {
  return { ...beginningWith(head), from: `${head}\u0080` };
}

/** The ways of writing a text of lower case in ASCII letters of either case. */
export function spellings(text: string): readonly string[] {
  return [...text].reduce<readonly string[]>(
    (heads, letter) => [...new Set([letter, letter.toUpperCase()])].flatMap((one) => heads.map((head) => head + one)),
    [''],
  );
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
