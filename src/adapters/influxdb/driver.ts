import { type ClientRequest, type IncomingMessage, Agent as PlainAgent, request as plainRequest } from 'node:http';
import { Agent as SecureAgent, request as secureRequest } from 'node:https';
import { Fault } from '../../errors/fault.js';
import type { Call, SourceLocation } from '../../source/adapter.js';
import { parseExact } from '../../source/exact-json.js';
import { wanted, whileWanted } from '../../source/wanted.js';
import { corrupt, queryFault, statusFault, unreachable, writeFault } from './failure.js';

/** A query of InfluxQL with the values of its `$names`. */
export interface Query {
  readonly text: string;
  readonly values: Readonly<Record<string, string>>;
}

/** A part of a result: rows of one measurement, or of what a SHOW tells. Whole numbers beyond 2^53 are `bigint`. */
export interface Series {
  readonly name?: string;
  readonly columns: readonly string[];
  readonly values: readonly (readonly unknown[])[];
}

interface Answer {
  readonly error?: string;
  readonly results?: readonly { readonly error?: string; readonly series?: readonly Series[] }[];
}

/** Is told each request that is made, so that it can be ended. */
type Sent = (request: ClientRequest) => void;

/** A longer one is sent as a form. */
const longestUrl = 4_000;
/** A part that grows beyond this is no answer of InfluxDB. */
const mostPart = 256 * 1024 * 1024;

/**
 * One database of InfluxDB by its InfluxQL endpoint, which versions 1, 2 and 3 have: `http://user:password@host:port/database`.
 */
export class Connection {
  private readonly base: string;
  private readonly headers: Readonly<Record<string, string>>;
  private readonly database: string;
  /** `fetch` would take a third of the time that a short answer takes in all. */
  private readonly agent: PlainAgent | SecureAgent;

  constructor(private readonly source: SourceLocation) {
    const url = URL.canParse(source.location) ? new URL(source.location) : undefined;
    const database = decodeURIComponent(url?.pathname.replace(/^.*\//, '') ?? '');
    if (!url || !/^https?:$/.test(url.protocol) || database === '')
      throw new Fault(
        'configuration',
        `Source ${source.name} needs a location such as http://user:password@host:8086/database`,
      );
    this.database = database;
    this.agent = new (url.protocol === 'https:' ? SecureAgent : PlainAgent)({ keepAlive: true });
    this.base = `${url.origin}${url.pathname.replace(/[^/]*$/, '')}query`;
    const login = `${decodeURIComponent(url.username)}:${decodeURIComponent(url.password)}`;
    this.headers = {
      // To press and unpress an answer takes longer than to send it.
      'accept-encoding': 'identity',
      ...(login !== ':' && { authorization: `Basic ${Buffer.from(login).toString('base64')}` }),
    };
  }

  /** The parts of a query's answer as they come, none of more than `size` rows. Who stops reading, or waiting, ends the query. */
  async *parts({ text, values }: Query, size: number, call: Call): AsyncGenerator<Series> {
    wanted(call);
    let running: ClientRequest | undefined;
    let waiting = true;
    const stop = () => {
      waiting = false;
      running?.destroy();
    };
    const sent = (request: ClientRequest) => {
      running = request;
      if (!waiting) request.destroy();
    };
    let finished = false;
    try {
      const asked = this.ask(text, values, size, sent);
      const response = await whileWanted(asked, call, stop);
      const lines = linesOf(response.setEncoding('utf8'), this.source.name);
      if (response.statusCode !== 200) {
        const words = await whileWanted(wordsOf(lines), call, stop);
        throw statusFault(response.statusCode!, words, this.source.name);
      }
      for (;;) {
        const line = await whileWanted(lines.next(), call, stop);
        if (line.done) break;
        yield* this.series(line.value);
      }
      finished = true;
    } catch (error) {
      throw error instanceof Fault ? error : unreachable(error, this.source.name);
    } finally {
      if (!finished) stop();
    }
  }

  /** Everything that a short query tells. */
  async all(query: Query, call: Call): Promise<readonly Series[]> {
    const all: Series[] = [];
    for await (const series of this.parts(query, 10_000, call)) all.push(series);
    return all;
  }

  /** Keeps points of line protocol, their times in nanoseconds. */
  async write(lines: string, call: Call): Promise<void> {
    wanted(call);
    let running: ClientRequest | undefined;
    const stop = () => running?.destroy();
    try {
      const url = `${this.base.replace(/query$/, 'write')}?${new URLSearchParams({ db: this.database, precision: 'ns' })}`;
      const sent = (request: ClientRequest) => {
        running = request;
      };
      const send = () => this.send(url, sent, lines, 'text/plain; charset=utf-8');
      const asked = send().catch((error: unknown) => {
        // The same point again is the same point.
        if (error instanceof KeptTooLong) return send();
        throw error;
      });
      const response = await whileWanted(asked, call, stop);
      const words = await whileWanted(wordsOf(linesOf(response.setEncoding('utf8'), this.source.name)), call, stop);
      const status = response.statusCode!;
      if (status < 200 || status > 299) throw writeFault(status, words, this.source.name);
    } catch (error) {
      throw error instanceof Fault ? error : unreachable(error, this.source.name);
    }
  }

  close(): void {
    this.agent.destroy();
  }

  private async ask(text: string, values: Query['values'], size: number, sent: Sent): Promise<IncomingMessage> {
    const query = String(
      new URLSearchParams({
        db: this.database,
        q: text,
        params: JSON.stringify(values),
        epoch: 'ns',
        chunked: 'true',
        chunk_size: String(size),
      }),
    );
    const url = `${this.base}?${query}`;
    const send = () => (url.length <= longestUrl ? this.send(url, sent) : this.send(this.base, sent, query));
    try {
      return await send();
    } catch (error) {
      // A kept connection that the server was about to close (https://nodejs.org/api/http.html#requestreusedsocket).
      if (error instanceof KeptTooLong) return send();
      throw error;
    }
  }

  private send(
    url: string,
    sent: Sent,
    form?: string,
    type = 'application/x-www-form-urlencoded',
  ): Promise<IncomingMessage> {
    const request = this.agent instanceof SecureAgent ? secureRequest : plainRequest;
    return new Promise((resolve, reject) => {
      const asked = request(
        url,
        {
          agent: this.agent,
          method: form === undefined ? 'GET' : 'POST',
          headers: {
            ...this.headers,
            ...(form !== undefined && { 'content-type': type }),
          },
        },
        (response) => {
          // Who reads is told of a failure; nobody reads on behind an end that was chosen.
          response.on('error', () => {});
          resolve(response);
        },
      );
      asked.on('error', (error: Error & { readonly code?: string }) =>
        reject(asked.reusedSocket && error.code === 'ECONNRESET' ? new KeptTooLong() : error),
      );
      sent(asked);
      asked.end(form);
    });
  }

  private series(line: string): readonly Series[] {
    let answer: Answer;
    try {
      answer = parseExact(line, wholeNumber) as Answer;
    } catch {
      throw corrupt(this.source.name);
    }
    if (typeof answer !== 'object' || answer === null) throw corrupt(this.source.name);
    const error = answer.error ?? answer.results?.find((result) => result.error !== undefined)?.error;
    if (error !== undefined) throw queryFault(error, this.source.name);
    if (!Array.isArray(answer.results)) throw corrupt(this.source.name);
    return answer.results.flatMap(({ series }) => series ?? []);
  }
}

/** Whole numbers beyond 2^53 are kept. */
export function wholeNumber(text: string): number | bigint {
  const value = Number(text);
  return /^-?\d+$/.test(text) && !Number.isSafeInteger(value) ? BigInt(text) : value;
}

/** The connection was closed before its server had seen the request. */
class KeptTooLong extends Error {}

async function wordsOf(lines: AsyncIterable<string>): Promise<string> {
  let words = '';
  for await (const line of lines) words += line;
  return words;
}

/** Each part is one line: line feeds within texts are escaped. */
async function* linesOf(body: AsyncIterable<string>, source: string): AsyncGenerator<string> {
  let rest = '';
  for await (const text of body) {
    const at = text.lastIndexOf('\n');
    if (at < 0) {
      rest += text;
      if (rest.length > mostPart) throw corrupt(source);
      continue;
    }
    const whole = rest + text.slice(0, at);
    rest = text.slice(at + 1);
    for (const line of whole.split('\n')) if (line.trim() !== '') yield line;
  }
  if (rest.trim() !== '') yield rest;
}
