import type { OutgoingHttpHeaders, ServerResponse } from 'node:http';
import type { Resource } from '@medplum/fhirtypes';
import type { Fault } from '../errors/fault.js';
import { outcomeOf } from '../errors/outcome.js';
import { serialize } from '../fhir/decimal.js';
import type { FhirResponse } from '../interactions/fhir-request.js';
import type { Exchange } from './exchange.js';
import { fhirJson } from './negotiate.js';
import { retryAfter, statuses } from './status.js';

/** On every answer: health data are kept by no cache, framed by no page, and guessed at by no browser. */
const always: OutgoingHttpHeaders = {
  'Cache-Control': 'no-store',
  'Content-Security-Policy': "default-src 'none'; frame-ancestors 'none'",
  'Cross-Origin-Resource-Policy': 'same-origin',
  'Referrer-Policy': 'no-referrer',
  Vary: 'Accept, Prefer',
  'X-Content-Type-Options': 'nosniff',
};

/** Conditional headers of a request (RFC 9110 section 13). */
export interface Conditions {
  readonly ifNoneMatch?: string | undefined;
  readonly ifModifiedSince?: string | undefined;
}

/** Writes an answer, or 304 when the client has it already (https://hl7.org/fhir/R4/http.html#cread). Returns the status. */
export function writeResponse(
  response: ServerResponse,
  exchange: Exchange,
  answer: FhirResponse,
  conditions: Conditions,
): number {
  const { resource, version, lastModified, applied, warnings } = answer;
  const headers: OutgoingHttpHeaders = { ...always, 'X-Request-Id': exchange.id };
  if (version !== undefined) headers.ETag = `W/"${version}"`;
  if (lastModified !== undefined) headers['Last-Modified'] = new Date(lastModified).toUTCString();
  if (applied !== undefined) headers['Preference-Applied'] = applied;
  if (warnings !== undefined) headers.Warning = warnings.map(warning);
  if (isFresh(answer, conditions)) {
    response.writeHead(304, headers).end();
    return 304;
  }
  return write(response, exchange, 200, headers, resource);
}

/** Writes a failure as an OperationOutcome. Returns the status. */
export function writeFault(response: ServerResponse, exchange: Exchange, fault: Fault): number {
  const headers: OutgoingHttpHeaders = { ...always, 'X-Request-Id': exchange.id };
  const seconds = retryAfter[fault.code];
  if (seconds !== undefined) headers['Retry-After'] = seconds;
  return write(response, exchange, statuses[fault.code], headers, outcomeOf(fault));
}

function write(
  response: ServerResponse,
  { pretty }: Exchange,
  status: number,
  headers: OutgoingHttpHeaders,
  resource: Resource,
): number {
  const body = Buffer.from(serialize(resource, pretty ? 2 : undefined));
  headers['Content-Type'] = `${fhirJson}; charset=utf-8`;
  headers['Content-Length'] = body.length;
  response.writeHead(status, headers).end(body);
  return status;
}

/** If-None-Match is compared weakly and wins over If-Modified-Since (RFC 9110 sections 13.1.2, 13.1.3). */
function isFresh({ version, lastModified }: FhirResponse, { ifNoneMatch, ifModifiedSince }: Conditions): boolean {
  if (ifNoneMatch !== undefined) {
    if (version === undefined) return false;
    return ifNoneMatch
      .split(',')
      .some((tag) => tag.trim() === '*' || tag.trim().replace(/^W\//, '') === `"${version}"`);
  }
  if (ifModifiedSince === undefined || lastModified === undefined) return false;
  const since = Date.parse(ifModifiedSince);
  // HTTP dates have whole seconds.
  return Math.floor(Date.parse(lastModified) / 1000) * 1000 <= since;
}

/** RFC 7234 section 5.5: 199 is a miscellaneous warning. Only what a quoted string may hold is kept. */
function warning(text: string): string {
  return `199 healthsync "${text.replace(/[^\x20-\x7e]/g, '?').replace(/["\\]/g, "'")}"`;
}
