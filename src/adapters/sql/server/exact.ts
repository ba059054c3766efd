import type { Selection } from '../../../source/selection.js';
import type { Leaf } from '../dialect.js';

/** Is every leaf of a selection pushed exactly, given those that are not? */
export function exactBut(inexact: (leaf: Leaf) => boolean): (selection: Selection) => boolean {
  const exact = (selection: Selection): boolean => {
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
      default:
        return !inexact(selection);
    }
  };
  return exact;
}
