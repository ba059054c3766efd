import type { Capabilities } from '../../source/adapter.js';
import { exactBut } from '../../source/exact.js';
import type { Expression } from '../../source/expression.js';

const maxIn = 10_000;

/** Everything is pushed exactly, but cutting a text between all its letters. */
export const capabilities: Capabilities = {
  exact: exactBut((leaf) => !cuts(leaf.of) || (leaf.op === 'in' && leaf.values.length > maxIn)),
  orders: cuts,
  count: true,
  maxIn,
};

/** ECMAScript cuts at an empty separator between UTF-16 units, DuckDB between characters. */
function cuts(of: Expression): boolean {
  return of.part?.separator !== '';
}
