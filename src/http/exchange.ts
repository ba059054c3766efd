import type { ServerResponse } from 'node:http';

/** One request and its answer, from the first byte to the log line. */
export class Exchange {
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

  /** Aborts when the client goes away. Made when first asked for: most answers are written before anybody could wait. */
  get signal(): AbortSignal {
    if (!this.#controller) {
      const controller = new AbortController();
      this.#controller = controller;
      if (this.response.destroyed) controller.abort();
      else this.response.once('close', () => this.response.writableFinished || controller.abort());
    }
    return this.#controller.signal;
  }
}
