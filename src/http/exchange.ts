import type { ServerResponse } from 'node:http';
import type { Stop } from '../source/adapter.js';

/**
 * One request and its answer, from the first byte to the log line. It tells itself when the client goes away: a signal for each
 * request would cost more than many an answer.
 */
export class Exchange implements Stop {
  /** Method and route pattern, for the log: `GET /:type/:id`; empty when there is none. */
  route = '';
  /** Resource type, for the log; only one that is served. */
  type = '';
  /** What else is offered at the path, for `Allow`. */
  others: readonly string[] = [];
  pretty = false;
  readonly started = performance.now();
  #controller: AbortController | undefined;

  constructor(
    private readonly response: ServerResponse,
    /** Echoed as X-Request-Id. */
    readonly id: string,
  ) {}

  /** Has the client gone away before it had its answer? */
  get aborted(): boolean {
    return this.response.destroyed && !this.response.writableFinished;
  }

  addEventListener(_: 'abort', listener: () => void): void {
    this.response.once('close', () => this.response.writableFinished || listener());
  }

  /** As a signal, made when first asked for. */
  get signal(): AbortSignal {
    if (!this.#controller) {
      const controller = new AbortController();
      this.#controller = controller;
      if (this.response.destroyed) controller.abort();
      else this.addEventListener('abort', () => controller.abort());
    }
    return this.#controller.signal;
  }
}
