import { beginningWith, followedByNonAscii, spellings, type TextRange, trailed } from '../../source/text-range.js';

/**
 * Texts that without white space behind them are at most the value. They lie up to it, or are a beginning of it (one that goes
 * on with white space or less, or all of it) and white space.
 */
export function upTo(value: string): readonly TextRange[] {
  const ranges: TextRange[] = [{ from: '', to: value }];
  for (let i = 0; i <= value.length; i++)
    if (i === value.length || value.charCodeAt(i) <= 0x20) ranges.push(trailed(value.slice(0, i)));
  return ranges;
}

/** Texts that begin with the folded head in any case, with any accents (`source/fold.ts`), and few others. */
export function foldedAs(value: string): readonly TextRange[] {
  const head = /^[\x21-\x7e]{0,3}/.exec(value)![0];
  const ranges: TextRange[] = head === '' ? [] : spellings(head).map(beginningWith);
  for (let i = 0; i <= head.length; i++) ranges.push(...spellings(head.slice(0, i)).map(followedByNonAscii));
  return ranges;
}
