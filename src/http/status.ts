import type { FaultCode } from '../errors/fault.js';

/** The HTTP status of each failure (https://hl7.org/fhir/R4/http.html#Status-Codes). */
export const statuses = {
  'unknown-type': 404,
  'unknown-path': 404,
  'not-found': 404,
  'method-not-allowed': 405,
  'unknown-parameter': 400,
  'invalid-value': 400,
  'invalid-modifier': 400,
  'invalid-cursor': 400,
  'expired-cursor': 410,
  'invalid-body': 400,
  'too-large': 413,
  'url-too-long': 414,
  'not-acceptable': 406,
  'unsupported-media-type': 415,
  'unsatisfiable-range': 416,
  forbidden: 403,
  busy: 503,
  'too-costly': 403,
  'source-unavailable': 503,
  'source-timeout': 504,
  'source-busy': 503,
  'source-changed': 503,
  'source-corrupt': 503,
  'source-schema': 503,
  incomplete: 503,
  undecodable: 500,
  'duplicate-key': 500,
  'read-only': 405,
  unprocessable: 422,
  'invalid-resource': 400,
  'not-writable': 422,
  constraint: 422,
  duplicate: 409,
  referenced: 409,
  conflict: 409,
  precondition: 412,
  'multiple-matches': 412,
  'in-doubt': 504,
  // Only ever said beside an answer.
  linked: 500,
  written: 500,
  // Nobody waits for this answer; the number is seen in the log alone.
  cancelled: 503,
  configuration: 500,
  mapping: 500,
  exception: 500,
} as const satisfies Record<FaultCode, number>;

/** Seconds after which it is worth asking again (RFC 9110 section 10.2.3): a breaker tries a source again after ten. */
export const retryAfter: Partial<Record<FaultCode, number>> = {
  busy: 1,
  'source-unavailable': 10,
  'source-busy': 1,
  'source-changed': 1,
};
