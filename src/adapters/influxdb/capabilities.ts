import type { Capabilities } from '../../source/adapter.js';
import type { Selection } from '../../source/selection.js';

/**
 * Times and tags are asked of InfluxDB; all else about a point is looked at as it comes. Points are in the order of time; they
 * have no related rows.
 */
export const capabilities: Capabilities = {
  exact,
  orders: ({ column, as }) => column === 'time' && (as === 'raw' || as === 'dateTime'),
  count: true,
  maxIn: 1_000,
};

function exact(selection: Selection): boolean {
  switch (selection.op) {
    case 'exists':
      return false;
    case 'not':
      return exact(selection.of);
    case 'and':
    case 'or':
      return selection.of.every(exact);
    default:
      return true;
  }
}
