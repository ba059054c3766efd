import type { Capabilities } from '../../source/adapter.js';
import type { Expression } from '../../source/expression.js';
import type { Selection } from '../../source/selection.js';

/** Everything is pushed exactly, but cutting a text between all its letters. */
export const capabilities: Capabilities = {
  exact,
  orders: cuts,
  count: true,
  maxIn: 10_000,
};

function exact(selection: Selection): boolean {
  switch (selection.op) {
    case 'true':
    case 'false':
      return true;
    case 'and':
    case 'or':
      return selection.of.every(exact);
    case 'not':
      return exact(selection.of);
    case 'exists':
      return exact(selection.where);
    case 'in':
      return selection.values.length <= capabilities.maxIn && cuts(selection.of);
    default:
      return cuts(selection.of);
  }
}

/** ECMAScript cuts at an empty separator between UTF-16 units, DuckDB between characters. */
function cuts(of: Expression): boolean {
  return of.part?.separator !== '';
}
