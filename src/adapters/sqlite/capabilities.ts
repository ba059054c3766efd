import type { Capabilities } from '../../source/adapter.js';

/** SQLite calls back into `source/evaluate.ts` where its own comparisons would differ, so everything is exact. */
export const capabilities: Capabilities = {
  exact: () => true,
  orders: () => true,
  indexOn: ({ as }, name) => (as === 'fold' ? `${name} COLLATE NOCASE` : name),
  count: true,
  maxIn: 1000,
  typed: true,
};
