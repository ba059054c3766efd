import { createHash } from 'node:crypto';
import type { IncomingMessage } from 'node:http';
import type { DownloadLimits } from '../config/configuration.js';
import { Fault } from '../errors/fault.js';
import { type Resolve, resolveBySystem } from './addresses.js';
import { Attempt } from './attempt.js';
import { contentRange, type Part, partOf, singleRange, sizeOf, UnsatisfiableRange } from './range.js';

/** What is to be fetched, for which source, and which part of it. */
export interface Wanted {
  readonly source: string;
  readonly address: string;
  /** `Range` and `If-Range` of RFC 9110, the latter with a `tag` that was given before. */
  readonly range?: string | undefined;
  readonly ifRange?: string | undefined;
  readonly signal: AbortSignal;
}

/** A content that has begun to come. */
export interface Fetched {
  readonly contentType: string;
  /** How many bytes there are of it, when that is known before they come. */
  readonly length?: number;
  /** The part that it is; without one it is the whole. */
  readonly part?: Part;
  /** A strong validator as `ETag` has it (RFC 9110 section 8.8.3): another content has another. */
  readonly tag?: string;
  /** The bytes as they come, each once: nothing is kept. Throws a Fault where they end too early. */
  readonly bytes: AsyncIterable<Uint8Array>;
  /** Takes no bytes. */
  cancel(): void;
}

/**
 * Fetches what lies at an address, as far as its source may be fetched from there.
 * @throws {Fault} `forbidden`, `not-found`, `too-costly`, `unsatisfiable-range`, `source-unavailable`, `source-timeout`,
 * `source-corrupt`, `cancelled`
 */
export type Download = (wanted: Wanted) => Promise<Fetched>;

/** `allowances`: what each source may be fetched from, by its name; a source that is not named is fetched from nowhere. */
export function createDownload(
  allowances: ReadonlyMap<string, DownloadLimits>,
  resolve: Resolve = resolveBySystem,
): Download {
  return async ({ source, address, range: header, ifRange, signal }) => {
    const allowance = allowances.get(source);
    if (!allowance)
      throw new Fault('forbidden', `Nothing is fetched for source ${source} (sources[].downloads).`, { source });
    const attempt = new Attempt(source, allowance, resolve, signal);
    try {
      const range = singleRange(header);
      const answer = await attempt.get(address, range === undefined ? {} : { Range: range });
      if (range === undefined || ifRange === undefined || tagOf(answer, source) === ifRange)
        return fetched(answer, range, attempt, allowance);
      // Another content than the one that the client has a part of (RFC 9110 section 13.1.5): the whole of it.
      if (answer.statusCode === 200) return fetched(answer, undefined, attempt, allowance);
      answer.destroy();
      return fetched(await attempt.get(address, {}), undefined, attempt, allowance);
    } catch (error) {
      attempt.close();
      throw error;
    }
  };
}

function fetched(
  answer: IncomingMessage,
  range: string | undefined,
  attempt: Attempt,
  { maxBytes }: DownloadLimits,
): Fetched {
  try {
    const extent = extentOf(answer, range, attempt.source);
    const size = extent.part?.size ?? extent.length;
    if (size !== undefined && size > maxBytes) throw tooMuch(attempt.source, maxBytes);
    const tag = tagOf(answer, attempt.source);
    const { contentType, length, part } = extent;
    return {
      contentType,
      ...(length !== undefined && { length }),
      ...(part && { part }),
      ...(tag !== undefined && { tag }),
      bytes: bytesOf(answer, extent, attempt, maxBytes),
      cancel: () => {
        attempt.close();
        answer.destroy();
      },
    };
  } catch (error) {
    answer.destroy();
    throw error;
  }
}

interface Extent extends Pick<Fetched, 'contentType' | 'length' | 'part'> {
  /** Bytes of the answer before the first that is wanted. */
  readonly before: number;
}

/** What an answer holds of what was asked. A server that does not know ranges sends everything, and the part is cut out of it. */
function extentOf({ statusCode, headers }: IncomingMessage, range: string | undefined, source: string): Extent {
  const contentType = mediaType(headers['content-type']);
  const stated = headers['content-length'];
  const length = stated !== undefined && /^\d{1,15}$/.test(stated) ? Number(stated) : undefined;
  if ((headers['content-encoding'] ?? 'identity') !== 'identity')
    throw corrupt(source, 'comes in a coding that was not asked for');
  if (statusCode === 200) {
    if (length === undefined) return { contentType, before: 0 };
    if (range === undefined) return { contentType, length, before: 0 };
    const part = partOf(range, length);
    if (!part) throw new UnsatisfiableRange(length, source);
    return { contentType, part, length: part.last - part.first + 1, before: part.first };
  }
  if (statusCode === 206 && range !== undefined) {
    const part = contentRange(headers['content-range']);
    const meant = part && partOf(range, part.size);
    if (!meant || meant.first !== part.first || meant.last !== part.last)
      throw corrupt(source, 'is another part than the one that was asked for');
    return { contentType, part, length: part.last - part.first + 1, before: 0 };
  }
  if (statusCode === 416 && range !== undefined) throw new UnsatisfiableRange(sizeOf(headers['content-range']), source);
  if (statusCode === 404 || statusCode === 410)
    throw new Fault('not-found', `The content of source ${source} is not where it should be.`, { source });
  throw new Fault('source-unavailable', `The content of source ${source} is refused where it lies.`, { source });
}

async function* bytesOf(
  answer: IncomingMessage,
  { before, length }: Extent,
  attempt: Attempt,
  maxBytes: number,
): AsyncGenerator<Uint8Array> {
  const end = length === undefined ? Number.POSITIVE_INFINITY : before + length;
  let at = 0;
  try {
    for await (const chunk of answer as AsyncIterable<Buffer>) {
      const wanted = chunk.subarray(Math.max(0, before - at), Math.max(0, end - at));
      at += chunk.length;
      if (Math.min(at, end) > maxBytes) throw tooMuch(attempt.source, maxBytes);
      if (wanted.length > 0) yield wanted;
      if (at >= end) return;
    }
    if (at < end && length !== undefined) throw corrupt(attempt.source, 'ends too early');
  } catch (error) {
    throw attempt.fault(error);
  } finally {
    attempt.close();
    answer.destroy();
  }
}

/** A name of a media type and its charset, and nothing else that a server may have put there (RFC 9110 section 8.3.1). */
function mediaType(header: string | undefined): string {
  const found = /^\s*([\w!#$&^.+-]+\/[\w!#$&^.+-]+)\s*(?:;.*?\bcharset="?([\w.:-]+)"?.*)?(?:;.*)?$/i.exec(header ?? '');
  if (!found) return 'application/octet-stream';
  return found[2] === undefined ? found[1]!.toLowerCase() : `${found[1]!.toLowerCase()}; charset=${found[2]}`;
}

/** The server's own validator is not handed on: it may tell where the content lies. */
function tagOf({ headers: { etag } }: IncomingMessage, source: string): string | undefined {
  if (etag === undefined || !/^"[^"]*"$/.test(etag)) return undefined;
  return `"${createHash('sha256').update(`${source}\n${etag}`).digest('hex').slice(0, 20)}"`;
}

function tooMuch(source: string, maxBytes: number): Fault {
  return new Fault('too-costly', `The content is longer than the ${maxBytes} bytes that are fetched for ${source}.`, {
    source,
  });
}

function corrupt(source: string, what: string): Fault {
  return new Fault('source-corrupt', `The content of source ${source} ${what}.`, { source });
}
