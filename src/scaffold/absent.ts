import { cellText } from '../source/evaluate.js';
import type { Cell } from '../source/row.js';

/** Texts that sources write where they know nothing. */
const nothing = ['N/A', 'n/a', 'NULL', 'null', 'None', '-', '0000-00-00', '0000-00-00 00:00:00'];
const known = new Set(nothing);

/** Is a cell null, blank, or one of the texts that say nothing? */
export function saysNothing(cell: Cell): boolean {
  const text = cellText(cell);
  return text === null || known.has(text);
}

/** Those of the texts that say nothing which stand among the values. */
export function absentAmong(values: Iterable<Cell>): readonly string[] {
  const found = new Set<string>();
  for (const value of values) {
    const text = cellText(value);
    if (text !== null && known.has(text)) found.add(text);
  }
  return nothing.filter((text) => found.has(text));
}
