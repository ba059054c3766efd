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
export function followedByNonAscii(head: string): Range {
  return { ...beginningWith(head), from: `${head}\u0080` };
}

/**
 * Texts that without white space behind them are at most the value. They lie up to it, or are a beginning of it (one that goes
 * on with white space or less, or all of it) and white space.
 */
export function upTo(value: string): readonly Range[] {
  const ranges: Range[] = [{ from: '', to: value }];
  for (let i = 0; i <= value.length; i++)
    if (i === value.length || value.charCodeAt(i) <= 0x20) ranges.push(trailed(value.slice(0, i)));
  return ranges;
}

/** Texts that begin with the folded head in any case, with any accents (`source/fold.ts`), and few others. */
export function foldedAs(value: string): readonly Range[] {
  const head = /^[\x21-\x7e]{0,3}/.exec(value)![0];
  const ranges: Range[] = head === '' ? [] : spellings(head).map(beginningWith);
  for (let i = 0; i <= head.length; i++) ranges.push(...spellings(head.slice(0, i)).map(followedByNonAscii));
  return ranges;
}

function spellings(text: string): readonly string[] {
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
