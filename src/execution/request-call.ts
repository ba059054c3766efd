import { setMaxListeners } from 'node:events';
import type { Call } from '../source/adapter.js';
import type { RunOptions } from './engine.js';

/** The call of a request. Its signal is made only when something listens to it: what is answered at once never does. */
export class RequestCall implements Call {
  readonly deadline: number;

  constructor(
    private readonly options: RunOptions,
    deadlineMs: number,
  ) {
    this.deadline = performance.now() + deadlineMs;
  }

  /** Each stream may listen to the one request's signal. */
  get signal(): AbortSignal {
    const { signal } = this.options;
    setMaxListeners(0, signal);
    return signal;
  }
}
