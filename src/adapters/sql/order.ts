import type { OrderTerm, Position } from '../../source/adapter.js';
import { comparand } from '../../source/compare.js';
import type { Dialect } from './dialect.js';
import { all, any, bound as boundAsIs, FALSE, type Fragment, plain, sql, TRUE } from './fragment.js';

/** An order term within a statement. */
export interface SqlTerm {
  readonly value: string;
  readonly direction: 'asc' | 'desc';
  readonly nullable: boolean;
  /** A value to compare it with; bound as it is when absent. */
  readonly bound?: (value: unknown) => Fragment;
}

/** A place in the order as the database compares it: bound values of a prefix of the terms. */
export interface Place {
  readonly values: readonly unknown[];
  readonly inclusive: boolean;
}

export function placeOf<C>(dialect: Dialect<C>, order: readonly OrderTerm[], position: Position): Place {
  const values = position.values.map((value, i) => {
    const of = order[i]!.of;
    const known = comparand(of.as, value);
    return known === null ? null : dialect.bind(of, known);
  });
  return { values, inclusive: position.inclusive };
}

export function orderBy<C>(dialect: Dialect<C>, terms: readonly SqlTerm[]): string {
  return terms
    .map(({ value, direction, nullable }) =>
      nullable ? dialect.orderTerm(value, direction) : `${value} ${direction.toUpperCase()}`,
    )
    .join(', ');
}

/** Rows after a place: null is after every value in both directions. */
export function afterPlace(terms: readonly SqlTerm[], place: Place, from = 0): Fragment {
  if (from >= place.values.length) return place.inclusive ? TRUE : FALSE;
  const { value, direction, nullable, bound = boundAsIs } = terms[from]!;
  const at = place.values[from];
  const rest = afterPlace(terms, place, from + 1);
  if (at === null) return all([plain(`${value} IS NULL`), rest]);
  const operator = direction === 'asc' ? '>' : '<';
  const beyond = sql`${value} ${operator} ${bound(at)}`;
  const tie = rest === FALSE ? FALSE : all([sql`${value} = ${bound(at)}`, rest]);
  const ordered = any([beyond, tie]);
  // A bound on the first term alone, so that an index can start there.
  const reach = tie === FALSE ? ordered : all([sql`${value} ${operator}= ${bound(at)}`, ordered]);
  return nullable ? any([reach, plain(`${value} IS NULL`)]) : reach;
}
