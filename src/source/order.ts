import type { OrderTerm, Position } from './adapter.js';
import { compareNullsLast } from './compare.js';
import { evaluator } from './evaluate.js';
import type { Comparand } from './expression.js';
import type { Cell } from './row.js';

/** For adapters that order rows themselves. */

/** The values of the order terms of one row, whose cells `read` gives. */
export function orderValues(order: readonly OrderTerm[]): (read: (column: string) => Cell) => readonly Comparand[] {
  const evaluators = order.map((term) => evaluator(term.of));
  return (read) => order.map((term, i) => evaluators[i]!(read(term.of.column)));
}

/** Order of two lists of values by as many terms as the shorter has. */
export function compareOrder(order: readonly OrderTerm[], a: readonly Comparand[], b: readonly Comparand[]): number {
  const length = Math.min(order.length, a.length, b.length);
  for (let i = 0; i < length; i++) {
    const { of, direction } = order[i]!;
    const result = compareNullsLast(of.as, direction, a[i]!, b[i]!);
    if (result !== 0) return result;
  }
  return 0;
}

/** Is a row with these order values after the position, or at it when it is inclusive? After none is every row. */
export function isAfter(
  order: readonly OrderTerm[],
  position: Position | undefined,
): (values: readonly Comparand[]) => boolean {
  if (!position) return () => true;
  return (values) => {
    const result = compareOrder(order, values, position.values);
    return result > 0 || (result === 0 && position.inclusive);
  };
}
