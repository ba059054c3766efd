import type { OrderTerm, Position } from './adapter.js';
import { compareNullsLast } from './compare.js';
import { evaluator } from './evaluate.js';
import type { Comparand } from './expression.js';
import { predicate } from './select.js';
import type { Selection } from './selection.js';

/** For adapters that gather the values of a distinct relation, and select and order them themselves. */

/** The values that are selected, in order, from a place on. */
export function selectedValues(
  values: Iterable<string>,
  where: Selection,
  order: readonly OrderTerm[],
  after: Position | undefined,
): readonly string[] {
  const holds = predicate<string>(where, { cell: () => (value) => value });
  const evaluators = order.map(({ of }) => evaluator(of));
  const compare = (a: readonly Comparand[], b: readonly Comparand[]) => {
    for (let i = 0; i < Math.min(order.length, b.length); i++) {
      const { of, direction } = order[i]!;
      const result = compareNullsLast(of.as, direction, a[i]!, b[i]!);
      if (result !== 0) return result;
    }
    return 0;
  };
  const follows = (terms: readonly Comparand[]) => {
    if (!after) return true;
    const result = compare(terms, after.values);
    return result > 0 || (result === 0 && after.inclusive);
  };
  return [...values]
    .filter(holds)
    .map((value) => ({ value, terms: evaluators.map((evaluate) => evaluate(value)) }))
    .filter(({ terms }) => follows(terms))
    .sort((a, b) => compare(a.terms, b.terms))
    .map(({ value }) => value);
}
