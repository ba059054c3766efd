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
  count: true,
  maxIn,
  typed: true,
};
