import type { Comparand, Expression } from '../../source/expression.js';
import type { Relation, TableRelation } from '../../source/relation.js';
import type { Leaf } from '../../source/selection.js';
import type { Fragment } from './fragment.js';

/** A relation within a statement, under its alias; gives a column's SQL, or throws `source-schema` naming it. */
export interface Scope<Column = unknown> {
  readonly alias: string;
  readonly relation: Relation;
  readonly column: (name: string) => SqlColumn<Column>;
}

export interface SqlColumn<Column = unknown> {
  /** Qualified and quoted. */
  readonly sql: string;
  readonly alias: string;
  readonly live: Column;
}

/** What one SQL vendor says differently. Everything else is shared. */
export interface Dialect<Column = unknown> {
  /** SQL of the expression's value: null where it has none, compared natively as `source/selection.ts` demands. */
  readonly value: (column: SqlColumn<Column>, of: Expression) => string;
  /** The value bound for a comparand of that expression, already in the form of `source/compare.ts`. */
  readonly bind: (of: Expression, value: Exclude<Comparand, null>) => unknown;
  /** That value within a statement; bound as it is when absent. */
  readonly bound?: (of: Expression, value: Exclude<Comparand, null>) => Fragment;
  /** A leaf said so that an index can answer it (with the exact form ANDed where that is a superset); undefined: the plain form. No index finds what is negated. */
  readonly leaf?: (column: SqlColumn<Column>, leaf: Leaf, negated: boolean) => Fragment | undefined;
  /** That the expression has no value, said so that an index or the bounds of a partition can answer it: never null. Undefined: by `NOT`. */
  readonly missing?: (column: SqlColumn<Column>, of: Expression) => Fragment | undefined;
  /** Is a value one of several? As `IN` when absent. */
  readonly among?: (value: string, values: readonly Fragment[]) => Fragment | undefined;
  readonly startsWith: (value: string, prefix: string) => Fragment;
  readonly contains: (value: string, infix: string) => Fragment;
  /** `raw` equality of two columns of one or two tables. */
  readonly equal: (inner: SqlColumn<Column>, outer: SqlColumn<Column>) => Fragment;
  /** One term of ORDER BY, null last. */
  readonly orderTerm: (value: string, direction: 'asc' | 'desc') => string;
  /** An inner relation of `exists` under a fresh alias. */
  readonly inner: (relation: TableRelation) => Scope<Column>;
  /** The relation of a scope as FROM names it. */
  readonly from: (scope: Scope<Column>) => Fragment;
  /** What every row of a scope must satisfy besides: later rows of a repeated key left out, work counted. */
  readonly each: (scope: Scope<Column>) => readonly Fragment[];
}
