import type { Leaf, Selection } from './selection.js';

/** Is every leaf of a selection pushed exactly, given those that are not? `inner`: of a related table. */
export function exactBut(inexact: (leaf: Leaf) => boolean, inner = inexact): (selection: Selection) => boolean {
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
        return exactBut(inner)(selection.where);
      default:
        return !inexact(selection);
    }
  };
  return exact;
}
