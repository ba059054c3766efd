import { cellText } from '../../source/evaluate.js';
import type { DistinctRelation } from '../../source/relation.js';
import { TRUE } from '../../source/selection.js';
import type { Item } from './item.js';
import type { Search } from './search.js';

/** The texts that a distinct relation consists of. */
export async function distinctTexts(search: Search, { of }: DistinctRelation): Promise<readonly string[]> {
  const texts = new Set<string>();
  for (const { table, column } of of) {
    for await (const rows of search.rows({ relation: table, where: TRUE, columns: [column] })) {
      for (const { read } of rows) {
        const text = cellText(read(column));
        if (text !== null) texts.add(text);
      }
    }
  }
  return [...texts];
}

/** Is it one of the texts of a distinct relation? */
export async function isDistinctText(search: Search, { of }: DistinctRelation, text: string): Promise<boolean> {
  for (const { table, column } of of) {
    const where = { op: 'compare', of: { column, as: 'text' }, test: 'eq', value: text } as const;
    for await (const rows of search.rows({ relation: table, where, columns: [column], first: 1 }))
      if (rows.length > 0) return true;
  }
  return false;
}

export function textItem(text: string): Item {
  return { document: {}, read: () => text };
}
