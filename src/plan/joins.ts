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
  const nameOf = (relation: Relation, column: string) => {
    const path = relation.columns[column]?.path;
    return path?.length === 1 ? path[0]!.toLowerCase() : undefined;
  };
  const kindAt = (relation: Relation, column: string) => {
    const name = nameOf(relation, column);
    const live = tableOf(relation)?.columns.find((one) => one.name.toLowerCase() === name);
    return live && kindOf(live.type);
  };
  return (inner, on, outer) => {
    const agree = Object.entries(on).every(([own, other]) => {
      const kind = kindAt(inner, own);
      return kind !== undefined && kind === kindAt(outer, other);
    });
    if (!agree) return undefined;
    const key = new Set(inner.key.map((column) => nameOf(inner, column)));
    const unique = tableOf(inner)?.uniqueKeys.some((columns) =>
      columns.every((column) => key.has(column.toLowerCase())),
    );
    return unique ? 'exact' : 'superset';
  };
}

const texts = /^(n?varchar|character varying|text|(tiny|medium|long)text|clob)\b/;
const integers = /^(int|integer|bigint|smallint|mediumint|int[248])\b/;

/** Types of one kind hold equal cells for equal texts. What is padded, rounded or said in several ways is only of its own kind. */
function kindOf(declared: string): string | undefined {
  const type = declared.toLowerCase();
  if (type === '' || type === 'any') return undefined;
  return texts.test(type) ? 'text' : integers.test(type) ? 'integer' : type;
}
