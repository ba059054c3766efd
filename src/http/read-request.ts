import type { Request } from 'express';
import { Fault } from '../errors/fault.js';
import type { FhirRequest, Pair } from '../interactions/fhir-request.js';
import type { Exchange } from './exchange.js';
import { negotiate } from './negotiate.js';
import { preferredHandling } from './prefer.js';
import { parsePairs } from './query-string.js';

/**
 * An HTTP request as FHIR sees it. URL and body pairs combine (https://hl7.org/fhir/R4/http.html#search).
 * @throws {Fault} `invalid-value`, `not-acceptable`
 */
export function readRequest(request: Request, exchange: Exchange): FhirRequest {
  const { headers, url } = request;
  const at = url.indexOf('?');
  const form: unknown = request.body;
  const pairs = at < 0 ? [] : parsePairs(url.slice(at + 1));
  if (typeof form === 'string') pairs.push(...parsePairs(form));
  const presentation = pairs.filter(isPresentation);
  negotiate(headers.accept, presentation.findLast(([name, value]) => name === '_format' && value !== '')?.[1]);
  exchange.pretty = isPretty(presentation);
  const handling = preferredHandling(headers.prefer as string | undefined);
  return {
    type: (request.params.type as string | undefined) ?? '',
    id: (request.params.id as string | undefined) ?? '',
    parameters: presentation.length === 0 ? pairs : pairs.filter((pair) => !isPresentation(pair)),
    presentation,
    ...(handling && { handling }),
    get signal() {
      return exchange.signal;
    },
  };
}

function isPresentation([name]: Pair): boolean {
  return name === '_format' || name === '_pretty';
}

function isPretty(presentation: readonly Pair[]): boolean {
  const value = presentation.findLast(([name]) => name === '_pretty')?.[1] ?? 'false';
  if (value !== 'true' && value !== 'false' && value !== '') {
    throw new Fault('invalid-value', '_pretty is true or false.', { expression: 'http._pretty' });
  }
  return value === 'true';
}
