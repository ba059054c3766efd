import { and, or, type Selection, TRUE } from '../../../source/selection.js';

/**
 * A selection of at least the same rows, of which every part is exact, or a leaf that is compiled to a superset. What selects too
 * much excludes too much under `not`: that is left out.
 */
export function weakened(selection: Selection, exact: (selection: Selection) => boolean): Selection {
  if (exact(selection)) return selection;
  switch (selection.op) {
    case 'and':
      return and(...selection.of.map((part) => weakened(part, exact)));
    case 'or':
      return or(...selection.of.map((part) => weakened(part, exact)));
    case 'exists':
      return { ...selection, where: weakened(selection.where, exact) };
    default:
      return 'of' in selection && 'column' in selection.of && selection.of.part?.separator !== '' ? selection : TRUE;
  }
}
