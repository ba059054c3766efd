import { Fault } from '../../errors/fault.js';
import type { Cells, Change } from '../../source/adapter.js';
import type { TableRelation } from '../../source/relation.js';
import { isSameCell } from '../../source/same-cell.js';
import { isWithin, placeIn } from '../../source/unwind.js';
import { cellAt, type Document, valueAt } from './cell.js';
import { readDocument } from './native.js';
import { pathOf } from './path.js';
import { isNameable, within } from './place.js';

type Arrays = NonNullable<TableRelation['unwind']>;

/** Which of the arrays a column lies in, the innermost counted; undefined: in the document itself. */
function arrayOf(relation: TableRelation, name: string): number | undefined {
  const path = pathOf(relation, name);
  const place = placeIn(relation, path);
  if (place !== undefined) return place;
  const { unwind = [] } = relation;
  for (let at = unwind.length - 1; at >= 0; at--) if (isWithin({ ...relation, unwind: [unwind[at]!] }, path)) return at;
  return undefined;
}

/** Does the key name an element of each array that the relation unwinds? */
function namesElements(relation: TableRelation): boolean {
  const named = new Set(relation.key.map((name) => arrayOf(relation, name)));
  return (relation.unwind ?? []).every((_, at) => named.has(at));
}

/** Is a row known by its place in the innermost array? When one before it went, it would be known as another. */
function isKnownByPlace(relation: TableRelation): boolean {
  const last = (relation.unwind ?? []).length - 1;
  return relation.key.some((name) => placeIn(relation, pathOf(relation, name)) === last);
}

/**
 * Can rows be changed so? Members of objects are no rows that can be, for a text may write them out. An element that is known by
 * its place is not taken away: those behind it would be known by others' places.
 */
export function isChangeable(relation: TableRelation, change: Change): boolean {
  if (!isNameable(relation)) return false;
  return !relation.unwind || (namesElements(relation) && (change !== 'delete' || !isKnownByPlace(relation)));
}

/** The columns of the innermost elements, without their places: what a new element consists of. */
export function ofElement(relation: TableRelation, name: string): boolean {
  const { unwind = [] } = relation;
  return placeIn(relation, pathOf(relation, name)) === undefined && arrayOf(relation, name) === unwind.length - 1;
}

/** Where a new element is to stand. */
export interface Slot {
  readonly places: readonly number[];
  /** Of the innermost array in the document. */
  readonly array: readonly string[];
  /** Its length; undefined where there is no array yet. */
  readonly length: number | undefined;
}

/**
 * Finds where an element of some cells belongs: within the elements that the key names, as the last one.
 * @throws {Fault} `constraint`, `duplicate`
 */
export function slotOf(relation: TableRelation, stored: Document, cells: Cells): Slot {
  const document = readDocument(stored);
  const arrays = relation.unwind as Arrays;
  const places: number[] = [];
  for (const [at, path] of arrays.slice(0, -1).entries()) {
    const count = lengthAt(document, within(relation, path, document, places)) ?? 0;
    const fitting = [...Array(count).keys()].filter((place) => fits(relation, document, [...places, place], at, cells));
    if (fitting.length !== 1)
      throw new Fault('constraint', 'The source has no one list that the new element would belong to');
    places.push(fitting[0]!);
  }
  const last = arrays.length - 1;
  const array = within(relation, arrays[last]!, document, places);
  const value = valueAt(document, array);
  if (value !== undefined && value !== null && !Array.isArray(value))
    throw new Fault('constraint', 'The source holds something else where a list belongs');
  const length = lengthAt(document, array);
  const all = [...places, length ?? 0];
  if (!isKnownByPlace(relation))
    for (let place = 0; place < (length ?? 0); place++)
      if (fits(relation, document, [...places, place], last, cells))
        throw new Fault('duplicate', 'The list has an element of that key already');
  others(relation, document, all, cells);
  return { places: all, array, length };
}

/** What is said of the elements around it, or of the document, must be so: it is not for a new element to change that. */
function others(relation: TableRelation, document: Document, places: readonly number[], cells: Cells): void {
  const last = relation.unwind!.length - 1;
  for (const [name, cell] of Object.entries(cells)) {
    if (ofElement(relation, name)) continue;
    const place = placeIn(relation, pathOf(relation, name));
    const there =
      place === undefined
        ? cellAt(document, within(relation, pathOf(relation, name), document, places))
        : places[place];
    if (!isSameCell(there ?? null, cell))
      throw place === last
        ? new Fault('constraint', 'A new element comes last in its list')
        : new Fault('constraint', 'A new element cannot change what it is part of');
  }
}

/** Does the element at some places say of its array's key columns what the cells do? */
function fits(
  relation: TableRelation,
  document: Document,
  places: readonly number[],
  array: number,
  cells: Cells,
): boolean {
  return relation.key.every((name) => {
    if (arrayOf(relation, name) !== array) return true;
    const path = pathOf(relation, name);
    const place = placeIn(relation, path);
    const there = place === undefined ? cellAt(document, within(relation, path, document, places)) : places[place]!;
    return isSameCell(there, cells[name] ?? null);
  });
}

function lengthAt(document: Document, path: readonly string[]): number | undefined {
  const value = valueAt(document, path);
  return Array.isArray(value) ? value.length : undefined;
}
