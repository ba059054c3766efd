import { comparand, compareValues, sameKind } from '../../source/compare.js';
import { evaluator } from '../../source/evaluate.js';
import type { Comparand, Expression } from '../../source/expression.js';
import type { TableRelation } from '../../source/relation.js';
import type { Cell } from '../../source/row.js';
import type { On, Selection, Test } from '../../source/selection.js';

/** Reads a row's cell by the name its relation gives the column. */
export type Read = (column: string) => Cell;
export type Predicate = (read: Read) => boolean;

/** The rows of a related table whose `on` columns equal those of an outer row. */
export type Related = (relation: TableRelation, on: On) => (outer: Read) => readonly Read[];

/** The reference meaning of a selection. */
export function predicate(selection: Selection, related: Related): Predicate {
  switch (selection.op) {
    case 'true':
      return () => true;
    case 'false':
      return () => false;
    case 'and': {
      const all = selection.of.map((part) => predicate(part, related));
      return (read) => all.every((part) => part(read));
    }
    case 'or': {
      const any = selection.of.map((part) => predicate(part, related));
      return (read) => any.some((part) => part(read));
    }
    case 'not': {
      const inner = predicate(selection.of, related);
      return (read) => !inner(read);
    }
    case 'present':
      return leaf(selection.of, () => true);
    case 'compare': {
      const value = comparand(selection.of.as, selection.value);
      return leaf(selection.of, (cell) => tested(selection.of, selection.test, cell, value));
    }
    case 'in': {
      const values = selection.values.map((value) => comparand(selection.of.as, value));
      return leaf(selection.of, (cell) => values.some((value) => tested(selection.of, 'eq', cell, value)));
    }
    case 'prefix':
      return textLeaf(selection.of, (text) => text.startsWith(selection.value));
    case 'contains':
      return textLeaf(selection.of, (text) => text.includes(selection.value));
    case 'exists': {
      const inner = predicate(selection.where, related);
      const rows = related(selection.relation, selection.on);
      return (read) => rows(read).some(inner);
    }
  }
}

function leaf(of: Expression, holds: (value: Exclude<Comparand, null>) => boolean): Predicate {
  const evaluate = evaluator(of);
  return (read) => {
    const value = evaluate(read(of.column));
    return value !== null && holds(value);
  };
}

/** Only texts begin with and contain a text: a number has no first letter. */
function textLeaf(of: Expression, holds: (text: string) => boolean): Predicate {
  if (of.as === 'decimal') return () => false;
  return leaf(of, (value) => typeof value === 'string' && holds(value));
}

function tested(of: Expression, test: Test, cell: Exclude<Comparand, null>, value: Comparand): boolean {
  if (value === null || !sameKind(cell, value)) return false;
  const order = compareValues(of.as, cell, value);
  switch (test) {
    case 'eq':
      return order === 0;
    case 'lt':
      return order < 0;
    case 'le':
      return order <= 0;
    case 'gt':
      return order > 0;
    case 'ge':
      return order >= 0;
  }
}
