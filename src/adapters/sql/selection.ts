import { comparand } from '../../source/compare.js';
import type { Comparand } from '../../source/expression.js';
import type { TableRelation } from '../../source/relation.js';
import type { Leaf, On, Selection, Test } from '../../source/selection.js';
import type { Dialect, Scope } from './dialect.js';
import { all, any, bound, FALSE, type Fragment, joined, plain, sql, TRUE } from './fragment.js';

export const operators: Readonly<Record<Test, string>> = { eq: '=', lt: '<', le: '<=', gt: '>', ge: '>=' };

/**
 * A selection as a condition. It may be null where it is false, which selects the same rows; `not` therefore makes its operand
 * two-valued first.
 */
export function condition<C>(dialect: Dialect<C>, scope: Scope<C>, selection: Selection, negated = false): Fragment {
  switch (selection.op) {
    case 'true':
      return TRUE;
    case 'false':
      return FALSE;
    case 'and':
      return all(selection.of.map((part) => condition(dialect, scope, part, negated)));
    case 'or':
      return any(selection.of.map((part) => condition(dialect, scope, part, negated)));
    case 'not': {
      const missing =
        selection.of.op === 'present' && dialect.missing?.(scope.column(selection.of.of.column), selection.of.of);
      if (missing) return missing;
      const inner = condition(dialect, scope, selection.of, true);
      if (inner === TRUE) return FALSE;
      if (inner === FALSE) return TRUE;
      return sql`NOT coalesce(${inner}, FALSE)`;
    }
    case 'exists':
      return exists(dialect, scope, selection.relation, selection.on, selection.where);
    default: {
      const column = scope.column(selection.of.column);
      return (
        dialect.leaf?.(column, selection, negated) ?? plainLeaf(dialect, dialect.value(column, selection.of), selection)
      );
    }
  }
}

/** Is there a row of the related table whose columns equal those of the outer row? */
export function exists<C>(
  dialect: Dialect<C>,
  outer: Scope<C>,
  relation: TableRelation,
  on: On,
  where: Selection,
): Fragment {
  const inner = dialect.inner(relation);
  const joins = Object.entries(on).map(([name, outerName]) =>
    dialect.equal(inner.column(name), outer.column(outerName)),
  );
  const conditions = all([...joins, ...dialect.each(inner), condition(dialect, inner, where)]);
  return sql`EXISTS (SELECT 1 FROM ${dialect.from(inner)} WHERE ${conditions})`;
}

/** A leaf over the SQL of its expression's value: exact, whatever an index can do with it. */
export function plainLeaf<C>(dialect: Dialect<C>, value: string, leaf: Leaf): Fragment {
  switch (leaf.op) {
    case 'present':
      return plain(`${value} IS NOT NULL`);
    case 'compare': {
      const wanted = comparand(leaf.of.as, leaf.value);
      return wanted === null ? FALSE : sql`${value} ${operators[leaf.test]} ${boundTo(dialect, leaf, wanted)}`;
    }
    case 'in': {
      const values = comparands(leaf).map((one) => boundTo(dialect, leaf, one));
      return values.length === 0 ? FALSE : among(dialect, value, values);
    }
    case 'prefix':
      return textual(leaf) ? dialect.startsWith(value, leaf.value) : FALSE;
    case 'contains':
      return textual(leaf) ? dialect.contains(value, leaf.value) : FALSE;
  }
}

/** Is a value one of several bound ones? */
export function among<C>(dialect: Pick<Dialect<C>, 'among'>, value: string, values: readonly Fragment[]): Fragment {
  return dialect.among?.(value, values) ?? sql`${value} IN (${joined(values, ', ')})`;
}

function boundTo<C>(dialect: Dialect<C>, { of }: Leaf, value: Exclude<Comparand, null>): Fragment {
  return dialect.bound?.(of, value) ?? bound(dialect.bind(of, value));
}

/** The values of `in` that a cell can be equal to. */
export function comparands(leaf: Extract<Leaf, { op: 'in' }>): Exclude<Comparand, null>[] {
  return leaf.values.map((value) => comparand(leaf.of.as, value)).filter((value) => value !== null);
}

function textual(leaf: Leaf): boolean {
  return leaf.of.as !== 'decimal' && leaf.of.as !== 'integer' && leaf.of.as !== 'boolean';
}
