import type { Cell } from './row.js';

/** Cells of a key in a text that is equal exactly when they are, as `raw`; null when one is null, which equals nothing. */
export function keyText(cells: readonly Cell[]): string | null {
  let text = '';
  for (const cell of cells) {
    if (cell === null || typeof cell === 'object') return null;
    const part = String(cell);
    text += `${typeof cell === 'string' ? 's' : typeof cell === 'boolean' ? 'b' : 'n'}${part.length}:${part}`;
  }
  return text;
}
