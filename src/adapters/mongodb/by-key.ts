import { keyIs, keyText } from '../../source/key.js';
import type { TableRelation } from '../../source/relation.js';
import type { Cell } from '../../source/row.js';
import type { Document } from './cell.js';
import { superset } from './compiler.js';
import type { Filter } from './filter.js';
import { type Item, items } from './item.js';
import { dotted, pathOf } from './path.js';

/** The filter that finds the documents of a native key, perhaps among others; undefined when none can have it. */
export function keyFilter(relation: TableRelation, key: readonly Cell[]): Filter | undefined {
  const filter = superset(keyIs(relation.key, key), (name) => dotted(pathOf(relation, name)));
  return filter === 'none' ? undefined : filter === 'all' ? {} : filter;
}

/** Does the filter name one document by its `_id`? */
export function isOneId(filter: Filter): boolean {
  const { _id: id, ...rest } = filter;
  return id !== undefined && Object.keys(rest).length === 0 && !(typeof id === 'object' && id !== null && '$in' in id);
}

/** The first row of a key among some documents, and one that says it again. */
export async function rowsOfKey(
  found: AsyncIterable<readonly Document[]>,
  relation: TableRelation,
  key: readonly Cell[],
): Promise<{ readonly rows: readonly Item[]; readonly documents: number }> {
  const text = keyText(key);
  const item = items(relation);
  const rows: Item[] = [];
  let documents = 0;
  for await (const batch of found) {
    documents += batch.length;
    rows.push(...batch.flatMap(item).filter(({ read }) => keyText(relation.key.map(read)) === text));
    if (rows.length > 1) break;
  }
  return { rows, documents };
}
