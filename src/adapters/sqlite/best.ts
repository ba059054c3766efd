import type { OrderTerm } from '../../source/adapter.js';
import { compareNullsLast } from '../../source/compare.js';
import type { Comparand } from '../../source/expression.js';
import type { Cell } from '../../source/row.js';

/** The first `size` rows of an order among all that are offered; a row begins with its order values as the database compares them. */
export class Best {
  private rows: Cell[][] = [];
  private worst: Cell[] | undefined;

  constructor(
    private readonly order: readonly OrderTerm[],
    private readonly size: number,
  ) {}

  offer(row: Cell[]): void {
    if (this.worst && this.compare(row, this.worst) >= 0) return;
    this.rows.push(row);
    if (this.rows.length >= this.size * 2 + 500) this.cut();
  }

  /** The first order value that a row must not be beyond to be among the best; undefined while any may be. */
  reach(): Cell | undefined {
    return this.worst?.[0] ?? undefined;
  }

  take(): readonly Cell[][] {
    this.cut();
    return this.rows;
  }

  private cut(): void {
    this.rows.sort((a, b) => this.compare(a, b));
    if (this.rows.length > this.size) this.rows.length = this.size;
    if (this.rows.length === this.size) this.worst = this.rows.at(-1);
  }

  private compare(a: readonly Cell[], b: readonly Cell[]): number {
    for (let i = 0; i < this.order.length; i++) {
      const result = compareNullsLast('raw', this.order[i]!.direction, a[i] as Comparand, b[i] as Comparand);
      if (result !== 0) return result;
    }
    return 0;
  }
}
