import type { Scan } from '../../source/adapter.js';
import type { Selection } from '../../source/selection.js';

/** Every column of its own table that a scan needs: to hand over, to select, to order and to name rows by. */
export function columnsOf(
  { relation, where, order }: Pick<Scan, 'relation' | 'where' | 'order'>,
  output: readonly string[],
): readonly string[] {
  const columns = new Set([...output, ...relation.key, ...order.map(({ of }) => of.column)]);
  const visit = (selection: Selection): void => {
    switch (selection.op) {
      case 'and':
      case 'or':
        selection.of.forEach(visit);
        return;
      case 'not':
        visit(selection.of);
        return;
      case 'true':
      case 'false':
      case 'exists':
        return;
      default:
        columns.add(selection.of.column);
    }
  };
  visit(where);
  return [...columns];
}
