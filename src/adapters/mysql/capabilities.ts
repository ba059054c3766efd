import type { Capabilities } from '../../source/adapter.js';
import { exactBut } from '../../source/exact.js';

const maxIn = 1_000;

/**
 * MySQL and MariaDB cannot decompose letters, and their decimals end at 65 digits: texts that are not ASCII are candidates of
 * `fold`, and long ones of `decimal`. Neither do they put them in order.
 */
export const capabilities: Capabilities = {
  exact: exactBut(
    ({ of, ...leaf }) =>
      of.as === 'fold' ||
      of.as === 'decimal' ||
      of.part?.separator === '' ||
      (leaf.op === 'in' && leaf.values.length > maxIn),
  ),
  orders: ({ as, part }) => as !== 'fold' && as !== 'decimal' && part?.separator !== '',
  // An index has the collation of its column, and not every one finds a name without case and accents; of a long text it holds the head.
  indexOn: ({ as }, name, live) => {
    if (live?.collation === undefined) return name;
    if (as === 'integer' || as === 'decimal' || as === 'boolean') return undefined;
    if (as === 'fold' && !/^utf8.*(?:_bin|_general_ci)$/.test(live.collation)) return undefined;
    return /text/.test(live.type) ? `${name}(100)` : name;
  },
  count: true,
  maxIn,
  typed: true,
};
