import type { TableRelation } from './relation.js';

/** Rows that are elements of arrays in documents. */

/** The last step of the path of a column that holds an element's place in its array, from 0, instead of a field. */
export const PLACE = '$place';

export interface Unwound<D> {
  /** The document with each element in the place of its array. */
  readonly document: D;
  /** Places of the elements, one for each array, from 0. */
  readonly places: readonly number[];
}

/** How a kind of document is looked into; undefined where there is nothing. */
export type ValueAt<D> = (document: D, path: readonly string[]) => unknown;

type Fields = { readonly [name: string]: unknown };

/**
 * The rows that a document is of an unwound relation: one for each element of the array, of the array within it, and so on. What
 * is null or not there has no elements; any other value that is no array is the one element of itself.
 */
export function unwound<D extends Fields>(
  document: D,
  arrays: NonNullable<TableRelation['unwind']>,
  valueAt: ValueAt<D>,
): readonly Unwound<D>[] {
  let rows: readonly Unwound<D>[] = [{ document, places: [] }];
  for (const path of arrays) {
    rows = rows.flatMap((row) => {
      const value = valueAt(row.document, path);
      if (value === null || value === undefined) return [];
      const elements: readonly unknown[] = Array.isArray(value) ? value : [value];
      return elements.map((element, place) => ({
        document: withValue(row.document, path, element) as D,
        places: [...row.places, place],
      }));
    });
  }
  return rows;
}

function withValue(fields: Fields, [step, ...rest]: readonly string[], value: unknown): Fields {
  return { ...fields, [step!]: rest.length === 0 ? value : withValue(fields[step!] as Fields, rest, value) };
}

/** Which of the relation's arrays a path is the place in; undefined when it is the path of a field. */
export function placeIn({ unwind = [] }: TableRelation, path: readonly string[]): number | undefined {
  if (path.at(-1) !== PLACE) return undefined;
  const at = unwind.findIndex((array) => array.length === path.length - 1 && begins(path, array));
  return at < 0 ? undefined : at;
}

/** Does a path lead into an element of one of the relation's arrays, or to its place? */
export function isWithin({ unwind = [] }: TableRelation, path: readonly string[]): boolean {
  return unwind.some((array) => begins(path, array));
}

function begins(path: readonly string[], with_: readonly string[]): boolean {
  return with_.every((step, i) => path[i] === step);
}
