import type { Selection } from '../../source/selection.js';
import { capabilities } from './capabilities.js';

/** What a column must satisfy for its text to be a value that is selected, or more: a value is the trimmed text. */
export function ofColumn(selection: Selection, column: string): Selection {
  switch (selection.op) {
    case 'and':
    case 'or':
      return { op: selection.op, of: selection.of.map((part) => ofColumn(part, column)) };
    case 'false':
      return selection;
    case 'true':
    case 'not':
    case 'exists':
      return { op: 'true' };
    default: {
      const { of } = selection;
      const moved: Selection = { ...selection, of: { ...of, column, as: of.as === 'raw' ? 'text' : of.as } };
      return capabilities.exact(moved) ? moved : { op: 'true' };
    }
  }
}
