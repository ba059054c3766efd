import { Fault } from '../../errors/fault.js';
import type { Call, SourceLocation } from '../../source/adapter.js';
import { parseExact } from '../../source/exact-json.js';
import { wanted, whileWanted } from '../../source/wanted.js';
import { corrupt, queryFault, statusFault, unreachable } from './failure.js';

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

  constructor(private readonly source: SourceLocation) {
    const url = URL.canParse(source.location) ? new URL(source.location) : undefined;
    const database = decodeURIComponent(url?.pathname.replace(/^.*\//, '') ?? '');
    if (!url || !/^https?:$/.test(url.protocol) || database === '')
      throw new Fault(
        'configuration',
        `Source ${source.name} needs a location such as http://user:password@host:8086/database`,
      );
    this.database = database;
    this.base = `${url.origin}${url.pathname.replace(/[^/]*$/, '')}query`;
    const login = `${decodeURIComponent(url.username)}:${decodeURIComponent(url.password)}`;
    this.headers = login === ':' ? {} : { authorization: `Basic ${Buffer.from(login).toString('base64')}` };
  }

  /** The parts of a query's answer as they come, none of more than `size` rows. Who stops reading, or waiting, ends the query. */
  async *parts({ text, values }: Query, size: number, call: Call): AsyncGenerator<Series> {
    wanted(call);
    const stop = new AbortController();
    let finished = false;
    try {
      const asked = this.ask(text, values, size, stop.signal);
      const response = await whileWanted(asked, call, () => stop.abort());
      if (!response.ok) {
        const words = await whileWanted(response.text(), call, () => stop.abort());
        throw statusFault(response.status, words, this.source.name);
      }
      const lines = linesOf(response.body!, this.source.name);
      for (;;) {
        const line = await whileWanted(lines.next(), call, () => stop.abort());
        if (line.done) break;
        yield* this.series(line.value);
      }
      finished = true;
    } catch (error) {
      throw error instanceof Fault ? error : unreachable(error, this.source.name);
    } finally {
      if (!finished) stop.abort();
    }
  }

  /** Everything that a short query tells. */
  async all(query: Query, call: Call): Promise<readonly Series[]> {
    const all: Series[] = [];
    for await (const series of this.parts(query, 10_000, call)) all.push(series);
    return all;
  }

  private ask(text: string, values: Query['values'], size: number, signal: AbortSignal): Promise<Response> {
    const query = new URLSearchParams({
      db: this.database,
      q: text,
      params: JSON.stringify(values),
      epoch: 'ns',
      chunked: 'true',
      chunk_size: String(size),
    });
    const init = { headers: this.headers, signal, redirect: 'error' } as const;
    const url = `${this.base}?${query}`;
    return url.length <= longestUrl ? fetch(url, init) : fetch(this.base, { ...init, method: 'POST', body: query });
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

/** Each part is one line: line feeds within texts are escaped. */
async function* linesOf(body: ReadableStream<Uint8Array>, source: string): AsyncGenerator<string> {
  const decoder = new TextDecoder();
  let rest = '';
  for await (const bytes of body) {
    const text = decoder.decode(bytes, { stream: true });
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
  rest += decoder.decode();
  if (rest.trim() !== '') yield rest;
}
