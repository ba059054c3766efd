import type { Capabilities } from '../../source/adapter.js';
import { exactBut } from '../../source/exact.js';

const maxIn = 1_000;

/** PostgreSQL says everything exactly, but cutting a text between all its letters (`part` with an empty separator). */
export const capabilities: Capabilities = {
  exact: exactBut((leaf) => leaf.of.part?.separator === '' || (leaf.op === 'in' && leaf.values.length > maxIn)),
  orders: (of) => of.part?.separator !== '',
  // A text is found by code point, whatever its own collation is; a number or a truth in a text by no index of it.
  indexOn: ({ as }, name, live) => {
    if (as === 'raw' || live?.collation === undefined) return name;
    return as === 'integer' || as === 'decimal' || as === 'boolean' ? undefined : `${name} COLLATE "C"`;
  },
  count: true,
  maxIn,
  typed: true,
};
