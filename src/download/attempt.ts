import { type IncomingMessage, request as overHttp } from 'node:http';
import { request as overHttps } from 'node:https';
import type { DownloadLimits } from '../config/configuration.js';
import { Fault } from '../errors/fault.js';
import { checkedLookup, checkLiteral, type Resolve } from './addresses.js';
import { isAllowed, mayBePrivate } from './allowance.js';

const redirects = new Set([301, 302, 303, 307, 308]);
const mostRedirects = 5;

/**
 * The time of one download, from its first connection to its last byte, and who waits for it. What runs when either ends is cut
 * off, and fails for that reason.
 */
export class Attempt {
  #running: { destroy(error: Error): unknown } | undefined;
  #ended: Fault | undefined;
  readonly #timer: NodeJS.Timeout;
  readonly #cancel = () => this.#end(new Fault('cancelled', 'The request was given up.'));

  constructor(
    readonly source: string,
    private readonly allowance: DownloadLimits,
    private readonly resolve: Resolve,
    private readonly signal: AbortSignal,
  ) {
    const late = new Fault('source-timeout', `The content of source ${source} did not come in time.`, { source });
    this.#timer = setTimeout(() => this.#end(late), allowance.timeoutMs);
    signal.addEventListener('abort', this.#cancel, { once: true });
  }

  /** The answer at an address, wherever it leads on to; each step is checked as the first is. Throws a Fault. */
  async get(address: string, headers: Readonly<Record<string, string>>): Promise<IncomingMessage> {
    let url = address;
    try {
      for (let step = 0; step <= mostRedirects; step++) {
        const at = this.#checked(url);
        const answer = await this.#ask(at, headers);
        const { location } = answer.headers;
        if (!redirects.has(answer.statusCode!) || location === undefined) return answer;
        answer.destroy();
        if (!URL.canParse(location, at.href)) break;
        url = new URL(location, at).href;
      }
    } catch (error) {
      throw this.fault(error);
    }
    throw new Fault('source-unavailable', `The content of source ${this.source} is only led on to.`, {
      source: this.source,
    });
  }

  /** A failure in words that tell nothing of where the content lies. */
  fault(error: unknown): Fault {
    if (this.#ended) return this.#ended;
    if (error instanceof Fault) return error;
    const message = `The content of source ${this.source} cannot be fetched.`;
    return new Fault('source-unavailable', message, { source: this.source }, { cause: error });
  }

  /** Nothing more is fetched, and nobody waits. */
  close(): void {
    clearTimeout(this.#timer);
    this.signal.removeEventListener('abort', this.#cancel);
  }

  #checked(address: string): URL {
    const url = URL.canParse(address) ? new URL(address) : undefined;
    if (!url || !isAllowed(url, this.allowance)) {
      const message = `The content lies where source ${this.source} is not fetched from (sources[].downloads).`;
      throw new Fault('forbidden', message, { source: this.source });
    }
    if (!mayBePrivate(url, this.allowance)) checkLiteral(url, this.source);
    return url;
  }

  #ask(url: URL, headers: Readonly<Record<string, string>>): Promise<IncomingMessage> {
    if (this.signal.aborted) this.#cancel();
    if (this.#ended) throw this.#ended;
    return new Promise((resolve, reject) => {
      const request = (url.protocol === 'https:' ? overHttps : overHttp)(url, {
        agent: false,
        headers: { Accept: '*/*', 'Accept-Encoding': 'identity', 'User-Agent': 'HealthSync', ...headers },
        lookup: checkedLookup(this.resolve, this.source, mayBePrivate(url, this.allowance)),
      });
      this.#running = request;
      request.on('error', reject).on('response', (answer) => {
        this.#running = answer;
        resolve(answer);
      });
      request.end();
    });
  }

  #end(reason: Fault): void {
    this.#ended ??= reason;
    this.#running?.destroy(reason);
  }
}
