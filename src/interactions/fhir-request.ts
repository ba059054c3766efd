import type { Resource } from '@medplum/fhirtypes';
import type { Part } from '../download/range.js';
import type { RunOptions } from '../execution/engine.js';

/** Name and value of one parameter, decoded, in the order they came. */
export type Pair = readonly [name: string, value: string];

/** A request as FHIR sees it; where it came from (a socket, an entry of a batch) is no longer visible. */
export interface FhirRequest {
  /** Resource type of the path, or '' at system level. It is one that the engine serves. */
  readonly type: string;
  /** Logical id of the path, or ''. */
  readonly id: string;
  /** The version of the path, or ''. */
  readonly version: string;
  /** Of the URL, then of the body; without `_format` and `_pretty`. */
  readonly parameters: readonly Pair[];
  /** `_format` and `_pretty` as they were asked: links repeat them (https://hl7.org/fhir/R4/http.html#parameters). */
  readonly presentation: readonly Pair[];
  /** `Prefer: handling=` (https://hl7.org/fhir/R4/search.html#errors). */
  readonly handling: 'strict' | 'lenient' | undefined;
  /** What is sent with it; absent where nothing may be. */
  readonly body?: Body | undefined;
  readonly conditions: Conditions;
  /** `Prefer: return=` (https://hl7.org/fhir/R4/http.html#ops). */
  readonly returns: 'minimal' | 'representation' | 'OperationOutcome' | undefined;
  /** Set where the answer may be bytes as they are, and FHIR is not asked for: which part of them is. */
  readonly bytes: BytesAsked | undefined;
  /** Tells when nobody waits for the answer any more. */
  readonly stop: RunOptions['signal'];
  /** The same, for what takes nothing else. */
  readonly signal: AbortSignal;
}

/** JSON whose decimals keep their text (fhir/decimal.ts); a patch says which kind it is by its media type, in a Bundle by its resource. */
export interface Body {
  readonly json: unknown;
  readonly form: 'fhir' | 'json-patch' | 'entry';
}

/** The conditions of a write, as their headers have them (https://hl7.org/fhir/R4/http.html#ccreate, #concurrency). */
export interface Conditions {
  readonly ifMatch?: string | undefined;
  readonly ifNoneMatch?: string | undefined;
  readonly ifModifiedSince?: string | undefined;
  readonly ifNoneExist?: string | undefined;
}

/** `Range` and `If-Range` of RFC 9110. */
export interface BytesAsked {
  readonly range: string | undefined;
  readonly ifRange: string | undefined;
}

/** An answer as FHIR sees it. Failures are thrown as Faults. */
export type FhirResponse = ResourceAnswer | ContentAnswer;

/** Bytes that are written as they come. */
export interface ContentAnswer {
  readonly content: {
    /** Of what is written. */
    readonly type: string;
    /** How many bytes are written, when that is known before they come. */
    readonly length?: number | undefined;
    /** As `ETag` has it. */
    readonly tag?: string | undefined;
    /** Of bytes as they are, and not of a resource: the name of a file, and which part of it they are. */
    readonly file?: { readonly name: string; readonly part?: Part | undefined };
    readonly bytes: AsyncIterable<Uint8Array>;
    /** Takes no bytes. */
    readonly cancel: () => void;
  };
}

export interface ResourceAnswer {
  /** Default: 200. */
  readonly status?: 200 | 201 | 204;
  /** Absent: the answer has no content. */
  readonly resource?: Resource | undefined;
  /** For `Location`. */
  readonly location?: string | undefined;
  /** Version of the representation, for `ETag: W/"..."`. */
  readonly version?: string | undefined;
  /** An R4 instant, for `Last-Modified`. */
  readonly lastModified?: string | undefined;
  /** For `Preference-Applied`. */
  readonly applied?: string;
  /** What could not be said in the resource itself, for `Warning`. */
  readonly warnings?: readonly string[] | undefined;
}
