import type { Capabilities } from '../../source/adapter.js';
import { isOfOneRow } from '../../source/selection.js';

/**
 * Times and tags are asked of InfluxDB; all else about a point is looked at as it comes. Points are in the order of time; they
 * have no related rows.
 */
export const capabilities: Capabilities = {
  exact: isOfOneRow,
  orders: ({ column, as }) => column === 'time' && (as === 'raw' || as === 'dateTime'),
  // Times and tags have theirs; a field can have none.
  indexOn: () => undefined,
  count: true,
  maxIn: 1_000,
};
