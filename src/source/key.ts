import type { Cell } from './row.js';
import { and, FALSE, type Selection } from './selection.js';

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

/** The rows of a key; none where a cell of it is null or nested, which equals nothing. */
export function keyIs(columns: readonly string[], cells: readonly Cell[]): Selection {
  return and(
    ...columns.map((column, i): Selection => {
      const value = cells[i] ?? null;
      if (value === null || typeof value === 'object') return FALSE;
      return { op: 'compare', of: { column, as: 'raw' }, test: 'eq', value };
    }),
  );
}
