import type { Call, Stop } from '../source/adapter.js';
import type { RunOptions } from './engine.js';

/** The call of a request. Its signal is asked for only when something listens to it: what is answered at once never does. */
export class RequestCall implements Call {
  readonly deadline: number;

  constructor(
    private readonly options: RunOptions,
    deadlineMs: number,
  ) {
    this.deadline = performance.now() + deadlineMs;
  }

  get signal(): Stop {
    return this.options.signal;
  }
}
