import type { SortKey } from '../query/query.js';
import { dateSortValue, type SortValue } from '../query/sort-key.js';
import { compareNullsLast } from '../source/compare.js';
import { compareDecimal } from '../source/decimal.js';
import type { Comparand } from '../source/expression.js';
import { compareText } from '../source/fold.js';
import type { Cell } from '../source/row.js';

/** Where a row stands in the total order: its sort values, its stream's tag, its native key. */
export interface Place {
  readonly sort: readonly SortValue[];
  readonly tag: string;
  readonly key: readonly Exclude<Cell, object>[];
}

/** The sort value of what a source orders by. */
export function toSortValue(key: SortKey, value: Comparand): SortValue {
  if (value === null) return null;
  return key.parameter.type === 'date' ? dateSortValue(String(value)) : String(value);
}

/** What the source orders by, of a sort value. */
export function toComparand(key: SortKey, value: SortValue): Comparand {
  return value !== null && key.parameter.type === 'date' ? value.slice(value.indexOf('|') + 1) : value;
}

const numeric = new Set(['number', 'quantity']);

/** The one total order of a query: sort keys, stream, native key (always ascending). */
export function comparePlaces(sort: readonly SortKey[]): (a: Place, b: Place) => number {
  const keys = sort.map(({ parameter, direction }) => {
    const compare = numeric.has(parameter.type) ? compareDecimal : compareText;
    return (a: SortValue, b: SortValue): number => {
      if (a === null || b === null) return a === b ? 0 : a === null ? 1 : -1;
      return direction === 'asc' ? compare(a, b) : compare(b, a);
    };
  });
  return (a, b) => {
    for (let i = 0; i < keys.length; i++) {
      const order = keys[i]!(a.sort[i]!, b.sort[i]!);
      if (order !== 0) return order;
    }
    const tags = compareText(a.tag, b.tag);
    if (tags !== 0) return tags;
    for (let i = 0; i < a.key.length; i++) {
      const order = compareNullsLast('raw', 'asc', a.key[i]!, b.key[i]!);
      if (order !== 0) return order;
    }
    return 0;
  };
}
