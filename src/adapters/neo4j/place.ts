import type { Batch, Scan } from '../../source/adapter.js';
import { compareNullsLast } from '../../source/compare.js';
import { evaluator } from '../../source/evaluate.js';
import { isLow } from './capabilities.js';

/** A scan whose rows up to its place are left out here, and how. */
export type UnsaidPlace = Scan & { readonly keep: (batch: Batch) => { readonly batch: Batch; readonly full: boolean } };

/**
 * Texts are found in UTF-16 order or in code point order, as a plan uses an index or not, but are always put in code point order:
 * where these differ, rows up to a place are read, and left out here. Undefined: Cypher can say the place.
 */
export function unsaidPlace(scan: Scan): UnsaidPlace | undefined {
  const { order, after, limit, output } = scan;
  if (!after?.values.some((value, i) => order[i]!.of.as === 'raw' && typeof value === 'string' && !isLow(value)))
    return undefined;
  const terms = after.values.map((value, i) => ({ ...order[i]!, value, evaluate: evaluator(order[i]!.of) }));
  const follows = (row: readonly Batch['rows'][number][number][]): boolean => {
    for (const [i, { of, direction, value, evaluate }] of terms.entries()) {
      const result = compareNullsLast(of.as, direction, evaluate(row[output.length + i]!), value);
      if (result !== 0) return result > 0;
    }
    return after.inclusive;
  };
  let left = limit ?? Number.POSITIVE_INFINITY;
  const keep = ({ rows, duplicates = [] }: Batch) => {
    const kept = rows
      .map((row, i) => ({ row, i }))
      .filter(({ row }) => follows(row))
      .slice(0, left);
    left -= kept.length;
    const repeated = new Set(duplicates);
    const batch = {
      rows: kept.map(({ row }) => row.slice(0, output.length)),
      duplicates: kept.flatMap(({ i }, at) => (repeated.has(i) ? [at] : [])),
    };
    return { batch, full: left === 0 };
  };
  const { after: _, limit: __, ...rest } = scan;
  const more = terms.map(({ of }) => ({ kind: 'column', column: of.column }) as const);
  return { ...rest, output: [...output, ...more], keep };
}
