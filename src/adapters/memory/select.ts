import type { TableRelation } from '../../source/relation.js';
import type { Cell } from '../../source/row.js';
import { type Predicate as Meaning, predicate as meaning } from '../../source/select.js';
import type { On, Selection } from '../../source/selection.js';

/** Reads a row's cell by the name its relation gives the column. */
export type Read = (column: string) => Cell;
export type Predicate = Meaning<Read>;

/** The rows of a related table whose `on` columns equal those of an outer row. */
export type Related = (relation: TableRelation, on: On) => (outer: Read) => readonly Read[];

/** The reference meaning of a selection, related rows included. */
export function predicate(selection: Selection, related: Related): Predicate {
  return meaning<Read>(selection, {
    cell: (column) => (read) => read(column),
    exists: ({ relation, on, where }) => {
      const rows = related(relation, on);
      const inner = predicate(where, related);
      return (read) => rows(read).some(inner);
    },
  });
}
