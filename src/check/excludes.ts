import type { Expression } from '../source/expression.js';
import type { Cell } from '../source/row.js';
import { predicate } from '../source/select.js';
import type { Selection } from '../source/selection.js';

/** Is no row selected that has this cell in this column, whatever its other columns hold? */
export function excludes(selection: Selection, column: Expression['column'], cell: Cell): boolean {
  return answer(selection, column, cell) === false;
}

/** Undefined: it depends on other columns. */
function answer(selection: Selection, column: string, cell: Cell): boolean | undefined {
  switch (selection.op) {
    case 'true':
      return true;
    case 'false':
      return false;
    case 'exists':
      return undefined;
    case 'not': {
      const of = answer(selection.of, column, cell);
      return of === undefined ? undefined : !of;
    }
    case 'and':
    case 'or': {
      const decides = selection.op === 'or';
      const parts = selection.of.map((part) => answer(part, column, cell));
      if (parts.includes(decides)) return decides;
      return parts.includes(undefined) ? undefined : !decides;
    }
    default:
      return selection.of.column === column
        ? predicate<Cell>(selection, { cell: () => (own) => own })(cell)
        : undefined;
  }
}
