import { evaluator } from '../../source/evaluate.js';
import type { Comparand, ExpressionType } from '../../source/expression.js';

/** What a column that is to be written holds so far, read as its codec reads it; null when it holds nothing. */
export function held(as: ExpressionType): (previous: Comparand | undefined) => Comparand {
  const read = evaluator({ column: '', as });
  return (previous) => (previous === undefined ? null : read(previous));
}
