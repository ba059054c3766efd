import { cellText } from '../../source/evaluate.js';
import type { DistinctRelation, TableRelation } from '../../source/relation.js';
import type { Cell } from '../../source/row.js';
import { TRUE } from '../../source/selection.js';
import { toCell } from './cell.js';
import type { Item } from './item.js';
import { dotted, pathOf } from './path.js';
import type { Search } from './search.js';

/** The texts that a distinct relation consists of. */
export async function distinctTexts(search: Search, { of }: DistinctRelation): Promise<readonly string[]> {
  const texts = new Set<string>();
  for (const { table, column } of of) {
    for await (const cells of distinctCells(search, table, column)) {
      for (const cell of cells) {
        const text = cellText(cell);
        if (text !== null) texts.add(text);
      }
    }
  }
  return [...texts];
}

/** The cells of a column, most of them once: the database groups what it can name. */
async function* distinctCells(search: Search, table: TableRelation, column: string): AsyncGenerator<readonly Cell[]> {
  const field = dotted(pathOf(table, column));
  if (field === undefined || table.unwind || /(?:^|\.)[$\d]/.test(field)) {
    for await (const rows of search.rows({ relation: table, where: TRUE, columns: [column] }))
      yield rows.map(({ read }) => read(column));
    return;
  }
  const value = `$${field}`;
  // Decimals that are equal may be written with more zeros.
  const written = { $cond: [{ $eq: [{ $type: value }, 'decimal'] }, { $toString: value }, value] };
  const group = { _id: { type: { $type: value }, written }, value: { $first: value } };
  for await (const groups of search.groups(table, { [field]: { $ne: null } }, group))
    yield groups.map((one) => toCell(one.value));
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
