import type { Call } from '../source/adapter.js';
import type { RunOptions } from './engine.js';

/** The call of a request. Its signal is made only when something listens to it: a point read that is answered at once never does. */
export class RequestCall implements Call {
  readonly deadline: number;

  constructor(
    private readonly options: RunOptions,
    deadlineMs: number,
  ) {
    this.deadline = performance.now() + deadlineMs;
  }

  get signal(): AbortSignal {
    return this.options.signal;
  }
}
