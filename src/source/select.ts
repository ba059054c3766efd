import { comparand, compareValues, sameKind } from './compare.js';
import { evaluator } from './evaluate.js';
import type { Comparand, Expression } from './expression.js';
import type { Cell, Row } from './row.js';
import type { Selection, Test } from './selection.js';

export type Predicate = (row: Row) => boolean;

/** How the predicate finds a column's cell, and answers for related rows (absent: `exists` is refused). */
export interface RowShape {
  readonly position: (column: string) => number;
  readonly exists?: (selection: Extract<Selection, { op: 'exists' }>) => Predicate;
}

/** The reference meaning of a selection, as a function of a row. */
export function predicate(selection: Selection, shape: RowShape): Predicate {
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

type Leaf = Extract<Selection, { of: Expression }>;

function leaf(selection: Leaf, shape: RowShape): Predicate {
  const at = shape.position(selection.of.column);
  const evaluate = evaluator(selection.of);
  const test = leafTest(selection);
  return (row) => {
    const value = evaluate(row[at] as Cell);
    return value !== null && test(value);
  };
}

function leafTest(selection: Leaf): (value: Exclude<Comparand, null>) => boolean {
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
      return (value) => String(value).startsWith(selection.value);
    case 'contains':
      return (value) => String(value).includes(selection.value);
  }
}

const tests: Record<Test, (order: number) => boolean> = {
  eq: (order) => order === 0,
  lt: (order) => order < 0,
  le: (order) => order <= 0,
  gt: (order) => order > 0,
  ge: (order) => order >= 0,
};
