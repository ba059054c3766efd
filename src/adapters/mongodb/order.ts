import type { OrderTerm, Position } from '../../source/adapter.js';
import type { Comparand } from '../../source/expression.js';
import { compareOrder, isAfter, orderValues } from '../../source/order.js';
import type { Item, Read } from './item.js';

/** Is a row after the position (or at it, when it is inclusive)? */
export function rowsAfter(order: readonly OrderTerm[], after: Position | undefined): (item: Item) => boolean {
  if (!after) return () => true;
  const valuesOf = orderValues(order);
  const follows = isAfter(order, after);
  return ({ read }) => follows(valuesOf(read));
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
  private readonly follows: (values: readonly Comparand[]) => boolean;

  constructor(
    private readonly order: readonly OrderTerm[],
    after: Position | undefined,
    private readonly limit: number,
  ) {
    this.valuesOf = orderValues(order);
    this.follows = isAfter(order, after);
  }

  add(item: Item): void {
    const values = this.valuesOf(item.read);
    if (!this.follows(values)) return;
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
