import type { Capabilities } from '../../source/adapter.js';

/** The database finds a superset by its indexes, and `source/select.ts` itself decides here on what comes back: all is exact. */
export const capabilities: Capabilities = {
  exact: () => true,
  orders: () => true,
  count: true,
  unwinds: true,
  maxIn: 500,
};
