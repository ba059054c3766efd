import type { OrderTerm, Position } from '../../source/adapter.js';
import { compareNullsLast } from '../../source/compare.js';
import { evaluator } from '../../source/evaluate.js';
import type { Comparand } from '../../source/expression.js';
import type { Item, Read } from './item.js';

/** The values of the order terms of one row. */
export function orderValues(order: readonly OrderTerm[]): (read: Read) => readonly Comparand[] {
  const evaluators = order.map((term) => evaluator(term.of));
  return (read) => order.map((term, i) => evaluators[i]!(read(term.of.column)));
}

/** Order of two lists of values by as many terms as the shorter has. */
export function compareOrder(order: readonly OrderTerm[], a: readonly Comparand[], b: readonly Comparand[]): number {
  const length = Math.min(order.length, a.length, b.length);
  for (let i = 0; i < length; i++) {
    const { of, direction } = order[i]!;
    const result = compareNullsLast(of.as, direction, a[i]!, b[i]!);
    if (result !== 0) return result;
  }
  return 0;
}

/** Is a row after the position (or at it, when it is inclusive)? */
export function rowsAfter(order: readonly OrderTerm[], after: Position | undefined): (item: Item) => boolean {
  if (!after) return () => true;
  const valuesOf = orderValues(order);
  return ({ read }) => follows(order, after, valuesOf(read));
}

function follows(order: readonly OrderTerm[], after: Position, values: readonly Comparand[]): boolean {
  const result = compareOrder(order, values, after.values);
  return result > 0 || (result === 0 && after.inclusive);
}

interface Placed {
  readonly item: Item;
  readonly values: readonly Comparand[];
}

const spare = 1000;

/** The first rows in an order, of rows that come in any: no more than a few times as many are kept as are wanted. */
export class FirstRows {
  private kept: Placed[] = [];
  private readonly valuesOf: (read: Read) => readonly Comparand[];

  constructor(
    private readonly order: readonly OrderTerm[],
    private readonly after: Position | undefined,
    private readonly limit: number,
  ) {
    this.valuesOf = orderValues(order);
  }

  add(item: Item): void {
    const values = this.valuesOf(item.read);
    if (this.after && !follows(this.order, this.after, values)) return;
    this.kept.push({ item, values });
    if (this.kept.length > 4 * this.limit + spare) this.prune();
  }

  rows(): readonly Item[] {
    this.prune();
    return this.kept.map(({ item }) => item);
  }

  private prune(): void {
    this.kept.sort((a, b) => compareOrder(this.order, a.values, b.values));
    if (this.kept.length > this.limit) this.kept.length = this.limit;
  }
}
