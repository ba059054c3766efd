import { Fault } from '../../errors/fault.js';
import type { Relation, TableRelation } from '../../source/relation.js';
import { isWithin } from '../../source/unwind.js';

/** Where a column of a relation lies in its documents. */
export function pathOf(relation: Relation, name: string): readonly string[] {
  const column = relation.columns[name] as { readonly path: readonly string[] } | undefined;
  if (column) return column.path;
  throw new Fault('source-schema', `Column ${name} of table ${relation.name} does not exist`);
}

/** Steps after `$` are written only of the fields that MongoDB itself writes. */
const step = /^(?!\$)[^.\0]+$|^\$(?:ref|id|db)$/;

/** The path as a query names it; undefined when it has steps that a query cannot name. It may then find more: elements of arrays. */
export function dotted(path: readonly string[]): string | undefined {
  return path.every((one, i) => step.test(one) && (i > 0 || !one.startsWith('$'))) ? path.join('.') : undefined;
}

/** The fields that a row's columns are read from, as a projection. An array is had whole, or places in it would change. */
export function fieldsOf(relation: Relation, names: Iterable<string>): ReturnType<typeof projection> {
  const arrays = (relation.kind === 'table' && relation.unwind) || [];
  return projection([...[...names].map((name) => pathOf(relation, name)), ...arrays]);
}

/** The fields that hold all of the paths, as a projection; undefined: the whole documents. */
export function projection(paths: readonly (readonly string[])[]): Readonly<Record<string, 1>> | undefined {
  const heads = new Set<string>();
  for (const path of paths) {
    const cut = path.findIndex((one) => one.startsWith('$') || /^\d+$/.test(one) || !step.test(one));
    if (cut === 0) return undefined;
    heads.add((cut < 0 ? path : path.slice(0, cut)).join('.'));
  }
  heads.add('_id');
  const within = (head: string) => [...heads].some((other) => head.startsWith(`${other}.`));
  return Object.fromEntries([...heads].filter((head) => !within(head)).map((head) => [head, 1]));
}

/** Is the column one of the document itself, not of an element of an array that the relation unwinds? */
export function isOfDocument(relation: TableRelation, name: string): boolean {
  return !isWithin(relation, pathOf(relation, name));
}
