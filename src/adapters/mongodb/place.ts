import type { TableRelation } from '../../source/relation.js';
import { PLACE } from '../../source/unwind.js';
import { type Document, valueAt } from './cell.js';
import { dotted, pathOf } from './path.js';

/** Where in a document the value of a row lies. */

/**
 * A path through the arrays that a relation unwinds, as it is in one document: `visits.name` of the second visit is `visits.1.name`.
 * What is no array is the one element of itself.
 */
export function within(
  { unwind = [] }: TableRelation,
  path: readonly string[],
  document: Document,
  places: readonly number[],
): readonly string[] {
  const found: string[] = [];
  path.forEach((step, i) => {
    found.push(step);
    const array = unwind.findIndex(
      (one) => one.length === i + 1 && one.every((other, at) => other === path[at]) && places.length > 0,
    );
    const place = places[array];
    if (place !== undefined && Array.isArray(valueAt(document, found))) found.push(String(place));
  });
  return found;
}

/** Can each column be named in a change, and does each element lie in an array? */
export function isNameable(relation: TableRelation): boolean {
  const paths = [...Object.keys(relation.columns).map((name) => pathOf(relation, name)), ...(relation.unwind ?? [])];
  return paths.every((path) => dotted(path.at(-1) === PLACE ? path.slice(0, -1) : path) !== undefined);
}
