import type { Batch } from './adapter.js';

/** A scan that is answered in one: asked when its first batch is. */
export class OnlyBatch implements AsyncIterable<Batch>, AsyncIterator<Batch> {
  private asked = false;

  /** `whole` is the answer itself, which may have no rows. */
  constructor(readonly whole: () => Promise<Batch>) {}

  [Symbol.asyncIterator](): AsyncIterator<Batch> {
    return this;
  }

  async next(): Promise<IteratorResult<Batch>> {
    if (this.asked) return { done: true, value: undefined };
    this.asked = true;
    const value = await this.whole();
    return value.rows.length === 0 ? { done: true, value: undefined } : { done: false, value };
  }

  async return(): Promise<IteratorResult<Batch>> {
    this.asked = true;
    return { done: true, value: undefined };
  }
}
