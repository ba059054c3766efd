import type { Capabilities } from '../../source/adapter.js';
import { exactBut } from '../../source/exact.js';

const maxIn = 1_000;

/** PostgreSQL says everything exactly, but cutting a text between all its letters (`part` with an empty separator). */
export const capabilities: Capabilities = {
  exact: exactBut((leaf) => leaf.of.part?.separator === '' || (leaf.op === 'in' && leaf.values.length > maxIn)),
  orders: (of) => of.part?.separator !== '',
  count: true,
  maxIn,
  typed: true,
};
