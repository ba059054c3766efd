import type { LiveTable } from '../source/adapter.js';
import type { Relation, TableRelation } from '../source/relation.js';
import type { On } from '../source/selection.js';

/**
 * What is known of `exists` over a relation: `exact`, its rows are each served once and the columns hold values of one kind, so
 * that cells are equal exactly when their ids are; `superset`, a row that is not served may be met. Undefined: an id may be
 * equal where the cells are not (`7` and `'7'`).
 */
export type Joins = (inner: TableRelation, on: On, outer: Relation) => 'exact' | 'superset' | undefined;

/** Joins by the live schema of a source whose columns hold values of their declared types alone. */
export function joinsOf(tables: readonly LiveTable[]): Joins {
  const byName = new Map(tables.map((table) => [table.name.toLowerCase(), table]));
  const tableOf = ({ name }: Relation) => byName.get(name.toLowerCase());
  const typeOf = (relation: Relation, name: string) => {
    const path = relation.columns[name]?.path;
    const column = path?.length === 1 ? path[0]!.toLowerCase() : undefined;
    return tableOf(relation)
      ?.columns.find((one) => one.name.toLowerCase() === column)
      ?.type.toLowerCase();
  };
  return (inner, on, outer) => {
    const agree = Object.entries(on).every(([own, other]) => {
      const type = typeOf(inner, own);
      return type !== undefined && type !== '' && type !== 'any' && type === typeOf(outer, other);
    });
    if (!agree) return undefined;
    const key = inner.key.map((column) => (inner.columns[column]?.path[0] ?? column).toLowerCase());
    const unique = tableOf(inner)?.uniqueKeys.some((columns) =>
      columns.every((column) => key.includes(column.toLowerCase())),
    );
    return unique ? 'exact' : 'superset';
  };
}
