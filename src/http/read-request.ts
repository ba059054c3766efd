import type { IncomingHttpHeaders } from 'node:http';
import { Fault } from '../errors/fault.js';
import type { FhirRequest, Pair } from '../interactions/fhir-request.js';
import type { Exchange } from './exchange.js';
import { negotiate } from './negotiate.js';
import { preferredHandling } from './prefer.js';
import { parsePairs } from './query-string.js';

export interface Received {
  readonly type: string;
  readonly id: string;
  /** Of the URL, without `?`. */
  readonly query: string;
  /** Of the body. */
  readonly form: string;
  readonly headers: IncomingHttpHeaders;
}

const none: readonly Pair[] = [];

/**
 * An HTTP request as FHIR sees it. URL and body pairs combine (https://hl7.org/fhir/R4/http.html#search).
 * @throws {Fault} `invalid-value`, `not-acceptable`
 */
export function readRequest({ type, id, query, form, headers }: Received, exchange: Exchange): FhirRequest {
  const pairs = query === '' && form === '' ? none : [...parsePairs(query), ...parsePairs(form)];
  const presentation = pairs.length === 0 ? none : pairs.filter(isPresentation);
  negotiate(headers.accept, presentation.findLast(([name, value]) => name === '_format' && value !== '')?.[1]);
  exchange.pretty = isPretty(presentation);
  const parameters = presentation.length === 0 ? pairs : pairs.filter((pair) => !isPresentation(pair));
  return new ReadRequest(
    type,
    id,
    parameters,
    presentation,
    preferredHandling(headers.prefer as string | undefined),
    exchange,
  );
}

/** A class, because an object literal with a getter is many times slower to make. */
class ReadRequest implements FhirRequest {
  constructor(
    readonly type: string,
    readonly id: string,
    readonly parameters: readonly Pair[],
    readonly presentation: readonly Pair[],
    readonly handling: FhirRequest['handling'],
    private readonly exchange: Exchange,
  ) {}

  get signal(): AbortSignal {
    return this.exchange.signal;
  }
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
