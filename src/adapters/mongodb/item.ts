import type { Output, Scan } from '../../source/adapter.js';
import { columnsOf } from '../../source/columns-of.js';
import type { Relation, TableRelation } from '../../source/relation.js';
import type { Cell } from '../../source/row.js';
import type { Selection } from '../../source/selection.js';
import { placeIn, unwound } from '../../source/unwind.js';
import { cellAt, type Document, valueAt } from './cell.js';
import { pathOf } from './path.js';

export type Read = (column: string) => Cell;

/** A row of a relation, and the document that it was read from (empty when it is from none). */
export interface Item {
  readonly read: Read;
  readonly document: Document;
  /** In an unwound relation: the places of its elements. */
  readonly places?: readonly number[];
}

/** Documents of a collection as rows. */
export function items(relation: Relation): (document: Document) => readonly Item[] {
  const paths = new Map<string, readonly string[]>();
  const path = (name: string) => {
    const known = paths.get(name);
    if (known) return known;
    const found = pathOf(relation, name);
    paths.set(name, found);
    return found;
  };
  const { unwind } = relation.kind === 'table' ? relation : {};
  if (!unwind) return (document) => [{ document, read: (name) => cellAt(document, path(name)) }];
  const placeOf = new Map<string, number | undefined>();
  for (const name of Object.keys(relation.columns)) placeOf.set(name, placeIn(relation as TableRelation, path(name)));
  return (document) =>
    unwound(document, unwind, valueAt).map(({ document: element, places }) => ({
      document,
      places,
      read: (name) => {
        const place = placeOf.get(name);
        return place === undefined ? cellAt(element, path(name)) : places[place]!;
      },
    }));
}

/** The columns of its relation that a scan reads. */
export function columnsRead(scan: {
  readonly output: readonly Output[];
  readonly where: Selection;
  readonly order: Scan['order'];
}): ReadonlySet<string> {
  const columns = new Set<string>();
  for (const one of scan.output) {
    if (one.kind === 'column') columns.add(one.column);
    else for (const outer of Object.values(one.on)) columns.add(outer);
  }
  for (const { of } of scan.order) columns.add(of.column);
  for (const column of columnsOf(scan.where)) columns.add(column);
  return columns;
}
