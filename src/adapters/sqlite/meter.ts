/** Thrown out of a statement when its share of work is spent: the only way to leave SQLite's own loops. */
export const spent = new Error('spent');
/** Thrown out of a statement when its caller has gone. */
export const stopped = new Error('stopped');

const readClockEvery = 16;
/** Work that is little on any machine, and allowed its time on a busy one. */
const fewRows = 1500;

/** Counts the rows that a statement examines, by calls of `hs_tick` in its conditions. */
export class Meter {
  /** Arguments of the last `hs_tick` of the outer table: where the walk has come to. */
  position: unknown[] | undefined;
  /** First order value of the last row that satisfied every condition: it, or others of that value, may wait to be sorted. */
  found: unknown;
  private until = Number.POSITIVE_INFINITY;
  private fewRowsUntil = Number.POSITIVE_INFINITY;
  private calls = 0;
  private started: unknown[] | undefined;
  private flag: Int32Array | undefined;

  /** From now on a statement may work until the clock says so, a little longer over few rows; a flag that becomes 1 stops it at once. */
  start(until: number, flag?: Int32Array, fewRowsUntil = until): void {
    this.until = until;
    this.fewRowsUntil = fewRowsUntil;
    this.flag = flag;
    this.calls = 0;
    this.position = undefined;
    this.found = undefined;
    this.started = undefined;
  }

  /** Nothing is limited until the next start. */
  rest(): void {
    this.until = Number.POSITIVE_INFINITY;
    this.fewRowsUntil = Number.POSITIVE_INFINITY;
    this.flag = undefined;
  }

  /** Did the last statement look at more rows than any machine reads at once? */
  get many(): boolean {
    return this.calls > fewRows;
  }

  /** One row of the outer table. */
  row(position: unknown[]): void {
    this.started ??= position;
    this.position = position;
    if (++this.calls % readClockEvery === 0 && this.out() && this.started !== position) throw spent;
  }

  /** One row of an inner table. The first outer row is always finished, or a walk would never get past it. */
  step(): void {
    if (++this.calls % readClockEvery !== 0 || !this.out()) return;
    if (this.position === undefined || this.position !== this.started) throw spent;
  }

  private out(): boolean {
    if (this.flag && Atomics.load(this.flag, 0) === 1) throw stopped;
    const now = performance.now();
    return now > (this.calls > fewRows ? this.until : this.fewRowsUntil);
  }
}
