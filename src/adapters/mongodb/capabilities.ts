import type { Capabilities } from '../../source/adapter.js';

/** The database finds a superset by its indexes, and `source/select.ts` itself decides here on what comes back: all is exact. */
export const capabilities: Capabilities = {
  exact: () => true,
  orders: () => true,
  // Members of an object and places in an array have no field that could be indexed.
  indexOn: ({ as }, name) => (as === 'boolean' || /(?:^|\.)\$/.test(name) ? undefined : name),
  count: true,
  unwinds: true,
  maxIn: 500,
};
