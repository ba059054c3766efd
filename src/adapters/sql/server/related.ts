import type { OrderTerm, Output } from '../../../source/adapter.js';
import { keyText } from '../../../source/key.js';
import type { Cell, Row } from '../../../source/row.js';
import { and, or, type Selection } from '../../../source/selection.js';

type RowsOutput = Extract<Output, { kind: 'rows' }>;

const together = 200;

/** Scans related rows: relation, columns, condition and order -> rows. */
export type ReadRelated = (
  output: RowsOutput,
  columns: readonly string[],
  where: Selection,
  order: readonly OrderTerm[],
) => Promise<readonly Row[]>;

/** The related rows of many outer keys, by the text of the key. */
export async function related(
  output: RowsOutput,
  keys: readonly (readonly Cell[])[],
  read: ReadRelated,
): Promise<ReadonlyMap<string, readonly Row[]>> {
  const wanted = new Map<string, readonly Cell[]>();
  for (const key of keys) {
    const text = keyText(key);
    if (text !== null) wanted.set(text, key);
  }
  const names = Object.keys(output.on);
  const list = [...wanted.values()];
  const groups = new Map<string, Row[]>();
  for (let from = 0; from < list.length; from += together) {
    const some = list.slice(from, from + together);
    const rows = await read(output, [...names, ...output.columns], matching(names, some), output.order);
    for (const row of rows) {
      const key = keyText(row.slice(0, names.length));
      if (key === null || !wanted.has(key)) continue;
      const group = groups.get(key);
      const cells = row.slice(names.length);
      if (group) group.push(cells);
      else groups.set(key, [cells]);
    }
  }
  return groups;
}

function matching(names: readonly string[], keys: readonly (readonly Cell[])[]): Selection {
  const of = (column: string) => ({ column, as: 'raw' }) as const;
  const plain = (cell: Cell) => cell as Exclude<Cell, object>;
  if (names.length === 1) return { op: 'in', of: of(names[0]!), values: keys.map(([cell]) => plain(cell!)) };
  return or(
    ...keys.map((key) =>
      and(...key.map((cell, i): Selection => ({ op: 'compare', of: of(names[i]!), test: 'eq', value: plain(cell) }))),
    ),
  );
}
