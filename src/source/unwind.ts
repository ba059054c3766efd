import type { TableRelation } from './relation.js';
import type { Json } from './row.js';
import { writtenObject } from './written-object.js';

/** Rows that are elements of arrays in documents. */

/** The last step of the path of a column that holds an element's place in its array, from 0, instead of a field. */
export const PLACE = '$place';

/**
 * The last step of an array that is none, but the members of an object: `{ name, value }` each. A text that writes an object out
 * (JSON, a literal of Python) is that object; another text, a number or a list is one member without a name.
 */
export const MEMBERS = '$members';

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
      const ofMembers = path.at(-1) === MEMBERS;
      const at = ofMembers ? path.slice(0, -1) : path;
      const value = valueAt(row.document, at);
      if (value === null || value === undefined) return [];
      const elements = ofMembers ? members(value) : Array.isArray(value) ? (value as readonly unknown[]) : [value];
      return elements.map((element, place) => ({
        document: withValue(row.document, at, ofMembers ? { [MEMBERS]: element } : element) as D,
        places: [...row.places, place],
      }));
    });
  }
  return rows;
}

function members(value: unknown): readonly { readonly name: string | null; readonly value: unknown }[] {
  if (typeof value === 'string') return writtenObject(value) ?? [{ name: null, value }];
  if (!isObject(value)) return [{ name: null, value: asText(value) }];
  return Object.entries(value).map(([name, member]) => ({ name, value: asText(member) }));
}

function isObject(value: unknown): value is Json {
  return Object.prototype.toString.call(value) === '[object Object]' && !('_bsontype' in (value as object));
}

/** What is nested deeper stays to be seen, as text. */
function asText(value: unknown): unknown {
  const whole = (_: string, inner: unknown) => (typeof inner === 'bigint' ? String(inner) : inner);
  return Array.isArray(value) || isObject(value) ? JSON.stringify(value, whole) : value;
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
