import type { Resource } from '@medplum/fhirtypes';

/** Name and value of one parameter, decoded, in the order they came. */
export type Pair = readonly [name: string, value: string];

/** A request as FHIR sees it; where it came from (a socket, an entry of a batch) is no longer visible. */
export interface FhirRequest {
  /** Resource type of the path, or '' at system level. It is one that the engine serves. */
  readonly type: string;
  /** Logical id of the path, or ''. */
  readonly id: string;
  /** Of the URL, then of the body; without `_format` and `_pretty`. */
  readonly parameters: readonly Pair[];
  /** `_format` and `_pretty` as they were asked: links repeat them (https://hl7.org/fhir/R4/http.html#parameters). */
  readonly presentation: readonly Pair[];
  /** `Prefer: handling=` (https://hl7.org/fhir/R4/search.html#errors). */
  readonly handling: 'strict' | 'lenient' | undefined;
  /** Aborts when nobody waits for the answer any more. */
  readonly signal: AbortSignal;
}

/** An answer as FHIR sees it. Failures are thrown as Faults. */
export interface FhirResponse {
  readonly resource: Resource;
  /** Version of the representation, for `ETag: W/"..."`. */
  readonly version?: string | undefined;
  /** An R4 instant, for `Last-Modified`. */
  readonly lastModified?: string | undefined;
  /** For `Preference-Applied`. */
  readonly applied?: string;
  /** What could not be said in the resource itself, for `Warning`. */
  readonly warnings?: readonly string[] | undefined;
}
