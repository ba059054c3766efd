import type { Capabilities } from '../../source/adapter.js';

/** Memory takes everything: it is the meaning. */
export const capabilities: Capabilities = {
  exact: () => true,
  orders: () => true,
  count: true,
  unwinds: true,
  maxIn: Number.MAX_SAFE_INTEGER,
};
