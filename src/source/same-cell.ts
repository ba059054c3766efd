import { keyText } from './key.js';
import type { Cell } from './row.js';

/** Are two cells the same, as `raw`? Nothing is the same as nothing; what is nested is never told to be. */
export function isSameCell(one: Cell, other: Cell): boolean {
  if (one === null || other === null) return one === other;
  const text = keyText([one]);
  return text !== null && text === keyText([other]);
}
