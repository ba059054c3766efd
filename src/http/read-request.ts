import type { IncomingHttpHeaders } from 'node:http';
import { Fault } from '../errors/fault.js';
import type { Body, BytesAsked, Conditions, FhirRequest, Pair } from '../interactions/fhir-request.js';
import { parsePairs } from '../interactions/query-string.js';
import type { Exchange } from './exchange.js';
import { asksForFhir, negotiate } from './negotiate.js';
import { preferredHandling, preferredReturn } from './prefer.js';

export interface Received {
  readonly type: string;
  readonly id: string;
  /** Of the URL, without `?`. */
  readonly query: string;
  /** The version of the path, or ''. */
  readonly version: string;
  /** Of the body. */
  readonly form: string;
  readonly body?: Body | undefined;
  readonly headers: IncomingHttpHeaders;
  /** May the answer be something else than FHIR? */
  readonly mayBeBytes: boolean;
}

const none: readonly Pair[] = [];

/**
 * An HTTP request as FHIR sees it. URL and body pairs combine (https://hl7.org/fhir/R4/http.html#search).
 * @throws {Fault} `invalid-value`, `not-acceptable`
 */
export function readRequest(received: Received, exchange: Exchange): FhirRequest {
  const { type, id, version, query, form, body, headers, mayBeBytes } = received;
  const pairs = query === '' && form === '' ? none : [...parsePairs(query), ...parsePairs(form)];
  const presentation = pairs.length === 0 ? none : pairs.filter(isPresentation);
  const format = presentation.findLast(([name, value]) => name === '_format' && value !== '')?.[1];
  let bytes: BytesAsked | undefined;
  if (!mayBeBytes) negotiate(headers.accept, format);
  else if (!asksForFhir(headers.accept, format))
    bytes = { range: headers.range, ifRange: headers['if-range'] as string | undefined };
  exchange.pretty = isPretty(presentation);
  const parameters = presentation.length === 0 ? pairs : pairs.filter((pair) => !isPresentation(pair));
  return new ReadRequest(type, id, version, parameters, presentation, headers, exchange, body, bytes);
}

/** A class, because an object literal with a getter is many times slower to make. */
class ReadRequest implements FhirRequest {
  constructor(
    readonly type: string,
    readonly id: string,
    readonly version: string,
    readonly parameters: readonly Pair[],
    readonly presentation: readonly Pair[],
    private readonly headers: IncomingHttpHeaders,
    private readonly exchange: Exchange,
    readonly body: Body | undefined,
    readonly bytes: BytesAsked | undefined,
  ) {
    this.handling = preferredHandling(headers.prefer as string | undefined);
  }

  readonly handling: FhirRequest['handling'];

  get returns(): FhirRequest['returns'] {
    return preferredReturn(this.headers.prefer as string | undefined);
  }

  get conditions(): Conditions {
    const { headers } = this;
    return {
      ifMatch: headers['if-match'],
      ifNoneMatch: headers['if-none-match'],
      ifModifiedSince: headers['if-modified-since'],
      ifNoneExist: headers['if-none-exist'] as string | undefined,
    };
  }

  get stop(): Exchange {
    return this.exchange;
  }

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
