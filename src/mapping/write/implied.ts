import type { Cell } from '../../source/row.js';
import type { Selection } from '../../source/selection.js';

/** The cells that a condition leaves no choice of: a row that is to satisfy it holds them. */
export function implied(where: Selection): Readonly<Record<string, Cell>> {
  switch (where.op) {
    case 'and':
      return Object.assign({}, ...where.of.map(implied));
    case 'compare':
      return where.test === 'eq' && !where.of.part ? { [where.of.column]: where.value } : {};
    case 'in':
      return where.values.length === 1 && !where.of.part ? { [where.of.column]: where.values[0]! } : {};
    default:
      return {};
  }
}
