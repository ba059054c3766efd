import type { Selection } from './selection.js';

/** The columns of its own rows that a selection looks at; those of related rows are not among them, but what joins them is. */
export function columnsOf(selection: Selection): readonly string[] {
  switch (selection.op) {
    case 'and':
    case 'or':
      return selection.of.flatMap(columnsOf);
    case 'not':
      return columnsOf(selection.of);
    case 'true':
    case 'false':
      return [];
    case 'exists':
      return Object.values(selection.on);
    default:
      return [selection.of.column];
  }
}
