import type { Relation } from '../source/relation.js';
import { and, not, type Selection, TRUE } from '../source/selection.js';

/** A row without a whole key has no id, and makes no resource. */
export function hasKey(relation: Relation): Selection {
  if (relation.kind !== 'table') return TRUE;
  return and(
    ...relation.key.flatMap((column): readonly Selection[] => {
      const of = { column, as: 'raw' } as const;
      return [{ op: 'present', of }, not({ op: 'compare', of, test: 'eq', value: '' })];
    }),
  );
}
