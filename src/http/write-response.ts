import type { IncomingHttpHeaders, OutgoingHttpHeader, ServerResponse } from 'node:http';
import type { Resource } from '@medplum/fhirtypes';
import type { Fault } from '../errors/fault.js';
import { outcomeOf } from '../errors/outcome.js';
import { serialize } from '../fhir/decimal.js';
import type { ResourceAnswer } from '../interactions/fhir-request.js';
import type { Exchange } from './exchange.js';
import type { Report } from './monitor.js';
import { fhirJson } from './negotiate.js';
import { retryAfter, statuses } from './status.js';

/** Names and values in turn: Node writes such a list about twice as fast as an object. */
export type Headers = (string | number)[];

/** On every answer: health data are kept by no cache, framed by no page, and guessed at by no browser. */
export const always: readonly string[] = [
  'Cache-Control',
  'no-store',
  'Content-Security-Policy',
  "default-src 'none'; frame-ancestors 'none'",
  'Cross-Origin-Resource-Policy',
  'same-origin',
  'X-Content-Type-Options',
  'nosniff',
  'X-Request-Id',
];
const contentType = `${fhirJson}; charset=utf-8`;

/** Writes an answer, or 304 when the client has it already (https://hl7.org/fhir/R4/http.html#cread). Returns the status. */
export function writeResponse(
  response: ServerResponse,
  exchange: Exchange,
  answer: ResourceAnswer,
  { method, headers: asked }: { readonly method?: string | undefined; readonly headers: IncomingHttpHeaders },
): number {
  const { status = 200, resource, location, version, lastModified, applied, warnings } = answer;
  const headers: Headers = [...always, exchange.id];
  if (version !== undefined) headers.push('ETag', `W/"${version}"`);
  if (lastModified !== undefined) headers.push('Last-Modified', new Date(lastModified).toUTCString());
  if (applied !== undefined) headers.push('Preference-Applied', applied);
  for (const text of warnings ?? []) headers.push('Warning', warning(text));
  if (location !== undefined) headers.push('Location', location);
  if (!resource) {
    if (status !== 204) headers.push('Content-Length', 0);
    response.writeHead(status, headers as OutgoingHttpHeader[]).end();
    return status;
  }
  if ((method === 'GET' || method === 'HEAD') && isFresh(answer, asked)) {
    response.writeHead(304, headers as OutgoingHttpHeader[]).end();
    return 304;
  }
  return write(response, exchange, status, headers, resource);
}

/** Writes a failure as an OperationOutcome. Returns the status. */
export function writeFault(response: ServerResponse, exchange: Exchange, fault: Fault): number {
  const headers: Headers = [...always, exchange.id];
  const seconds = retryAfter[fault.code];
  if (seconds !== undefined) headers.push('Retry-After', seconds);
  return write(response, exchange, statuses[fault.code], headers, outcomeOf(fault));
}

/** Writes a report that is no FHIR. Returns the status. */
export function writeReport(
  response: ServerResponse,
  exchange: Exchange,
  { status, contentType: type, body }: Report,
): number {
  const headers: Headers = [...always, exchange.id, 'Content-Type', type, 'Content-Length', Buffer.byteLength(body)];
  response.writeHead(status, headers as OutgoingHttpHeader[]).end(body);
  return status;
}

function write(
  response: ServerResponse,
  { pretty }: Exchange,
  status: number,
  headers: Headers,
  resource: Resource,
): number {
  // A text goes out in one write with its headers; a buffer would make it two.
  const body = serialize(resource, pretty ? 2 : undefined);
  headers.push('Content-Type', contentType, 'Content-Length', Buffer.byteLength(body));
  response.writeHead(status, headers as OutgoingHttpHeader[]).end(body);
  return status;
}

/** Does If-None-Match name the tag, weakly compared? */
export function isKnown(tag: string, ifNoneMatch: string): boolean {
  return ifNoneMatch.split(',').some((one) => one.trim() === '*' || one.trim().replace(/^W\//, '') === tag);
}

/** If-None-Match is compared weakly and wins over If-Modified-Since (RFC 9110 sections 13.1.2, 13.1.3). */
function isFresh({ version, lastModified }: ResourceAnswer, asked: IncomingHttpHeaders): boolean {
  const ifNoneMatch = asked['if-none-match'];
  const ifModifiedSince = asked['if-modified-since'];
  if (ifNoneMatch !== undefined) return version !== undefined && isKnown(`"${version}"`, ifNoneMatch);
  if (ifModifiedSince === undefined || lastModified === undefined) return false;
  const since = Date.parse(ifModifiedSince);
  // HTTP dates have whole seconds.
  return Math.floor(Date.parse(lastModified) / 1000) * 1000 <= since;
}

/** RFC 7234 section 5.5: 199 is a miscellaneous warning. Only what a quoted string may hold is kept. */
function warning(text: string): string {
  return `199 healthsync "${text.replace(/[^\x20-\x7e]/g, '?').replace(/["\\]/g, "'")}"`;
}
