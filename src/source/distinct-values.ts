import type { OrderTerm, Position } from './adapter.js';
import { compareOrder, isAfter, orderValues } from './order.js';
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
  const valuesOf = orderValues(order);
  const follows = isAfter(order, after);
  return [...values]
    .filter(holds)
    .map((value) => ({ value, terms: valuesOf(() => value) }))
    .filter(({ terms }) => follows(terms))
    .sort((a, b) => compareOrder(order, a.terms, b.terms))
    .map(({ value }) => value);
}
