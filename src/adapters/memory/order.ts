import type { OrderTerm, Position } from '../../source/adapter.js';
import { compareNullsLast } from '../../source/compare.js';
import { evaluator } from '../../source/evaluate.js';
import type { Comparand } from '../../source/expression.js';
import type { Read } from './select.js';

/** The values of the order terms of one row. */
export function orderValues(order: readonly OrderTerm[]): (read: Read) => Comparand[] {
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

/** Is a row with these order values after the position (or at it, when the position is inclusive)? */
export function isAfter(order: readonly OrderTerm[], position: Position): (values: readonly Comparand[]) => boolean {
  return (values) => {
    const result = compareOrder(order, values, position.values);
    return result > 0 || (result === 0 && position.inclusive);
  };
}
