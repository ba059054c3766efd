import type { OrderTerm, Position } from '../../source/adapter.js';
import { compareNullsLast } from '../../source/compare.js';
import { evaluator } from '../../source/evaluate.js';
import type { Comparand } from '../../source/expression.js';
import { predicate } from '../../source/select.js';
import type { Selection } from '../../source/selection.js';
import { capabilities } from './capabilities.js';

/** Can the values themselves answer it? */
export function aboutValues(selection: Selection): boolean {
  switch (selection.op) {
    case 'exists':
      return false;
    case 'not':
      return aboutValues(selection.of);
    case 'and':
    case 'or':
      return selection.of.every(aboutValues);
    default:
      return true;
  }
}

/** What a column must satisfy for its text to be a value that is selected, or more: a value is the trimmed text. */
export function ofColumn(selection: Selection, column: string): Selection {
  switch (selection.op) {
    case 'and':
    case 'or':
      return { op: selection.op, of: selection.of.map((part) => ofColumn(part, column)) };
    case 'false':
      return selection;
    case 'true':
    case 'not':
    case 'exists':
      return { op: 'true' };
    default: {
      const { of } = selection;
      const moved: Selection = { ...selection, of: { ...of, column, as: of.as === 'raw' ? 'text' : of.as } };
      return capabilities.exact(moved) ? moved : { op: 'true' };
    }
  }
}

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
