import type { Selection } from '../../source/selection.js';
import { any, every, type Superset } from './filter.js';
import { leafFilter } from './leaf.js';

/** What is known of rows that a selection relates to, before they are looked at. */
export type RelatedFilter = (selection: Extract<Selection, { readonly op: 'exists' }>) => Superset;

/** A filter that every row of the selection satisfies; `field` names a column's field as a query does, where it can. */
export function superset(
  selection: Selection,
  field: (column: string) => string | undefined,
  related: RelatedFilter = () => 'all',
): Superset {
  switch (selection.op) {
    case 'true':
    case 'not':
      return 'all';
    case 'false':
      return 'none';
    case 'and':
      return every(selection.of.map((part) => superset(part, field, related)));
    case 'or': {
      const parts = selection.of.map((part) => superset(part, field, related));
      return parts.includes('all') ? 'all' : any(parts.filter((part) => typeof part === 'object'));
    }
    case 'exists':
      return related(selection);
    default: {
      const name = field(selection.of.column);
      return name === undefined ? 'all' : leafFilter(name, selection);
    }
  }
}
