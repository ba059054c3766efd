import { comparand, compareValues, sameKind } from './compare.js';
import { evaluator } from './evaluate.js';
import type { Comparand, Expression } from './expression.js';
import type { Cell } from './row.js';
import type { Leaf, Selection, Test } from './selection.js';

export type Predicate<R> = (row: R) => boolean;

/** How a predicate reads a row, and answers for related rows (absent: `exists` is refused). */
export interface RowShape<R> {
  readonly cell: (column: string) => (row: R) => Cell;
  readonly exists?: (selection: Extract<Selection, { op: 'exists' }>) => Predicate<R>;
}

/** The reference meaning of a selection, as a function of a row. */
export function predicate<R>(selection: Selection, shape: RowShape<R>): Predicate<R> {
  switch (selection.op) {
    case 'true':
      return () => true;
    case 'false':
      return () => false;
    case 'and': {
      const parts = selection.of.map((part) => predicate(part, shape));
      return (row) => parts.every((part) => part(row));
    }
    case 'or': {
      const parts = selection.of.map((part) => predicate(part, shape));
      return (row) => parts.some((part) => part(row));
    }
    case 'not': {
      const part = predicate(selection.of, shape);
      return (row) => !part(row);
    }
    case 'exists':
      if (!shape.exists) throw new RangeError('related rows cannot be asked for here');
      return shape.exists(selection);
    default:
      return leaf(selection, shape);
  }
}

type Value = Exclude<Comparand, null>;

function leaf<R>(selection: Leaf, shape: RowShape<R>): Predicate<R> {
  const read = shape.cell(selection.of.column);
  const evaluate = evaluator(selection.of);
  const test = leafTest(selection);
  return (row) => {
    const value = evaluate(read(row));
    return value !== null && test(value);
  };
}

function leafTest(selection: Leaf): (value: Value) => boolean {
  const { as } = selection.of;
  switch (selection.op) {
    case 'present':
      return () => true;
    case 'compare': {
      const than = comparand(as, selection.value);
      const passes = tests[selection.test];
      return than === null ? () => false : (value) => sameKind(value, than) && passes(compareValues(as, value, than));
    }
    case 'in': {
      const values = selection.values.map((value) => comparand(as, value)).filter((value) => value !== null);
      return (value) => values.some((one) => sameKind(value, one) && compareValues(as, value, one) === 0);
    }
    case 'prefix':
      return inText(as, (text) => text.startsWith(selection.value));
    case 'contains':
      return inText(as, (text) => text.includes(selection.value));
  }
}

/** Only texts begin with and contain a text: a number has no first letter. */
function inText(as: Expression['as'], holds: (text: string) => boolean): (value: Value) => boolean {
  return as === 'decimal' ? () => false : (value) => typeof value === 'string' && holds(value);
}

const tests: Record<Test, (order: number) => boolean> = {
  eq: (order) => order === 0,
  lt: (order) => order < 0,
  le: (order) => order <= 0,
  gt: (order) => order > 0,
  ge: (order) => order >= 0,
};
