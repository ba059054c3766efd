/** The closed list of failures. `http/status.ts` gives each its number, `errors/outcome.ts` its OperationOutcome. */
export type FaultCode =
  | 'unknown-type'
  | 'unknown-path'
  | 'not-found'
  | 'method-not-allowed'
  | 'unknown-parameter'
  | 'invalid-value'
  | 'invalid-modifier'
  | 'invalid-cursor'
  | 'expired-cursor'
  | 'invalid-body'
  | 'too-large'
  | 'url-too-long'
  | 'not-acceptable'
  | 'unsupported-media-type'
  | 'unsatisfiable-range'
  | 'forbidden'
  | 'busy'
  | 'too-costly'
  | 'source-unavailable'
  | 'source-timeout'
  | 'source-busy'
  | 'source-changed'
  | 'source-corrupt'
  | 'source-schema'
  | 'incomplete'
  | 'undecodable'
  | 'duplicate-key'
  | 'read-only'
  | 'unprocessable'
  | 'invalid-resource'
  | 'not-writable'
  | 'constraint'
  | 'duplicate'
  | 'referenced'
  | 'conflict'
  | 'precondition'
  | 'multiple-matches'
  | 'in-doubt'
  | 'linked'
  | 'written'
  | 'cancelled'
  | 'configuration'
  | 'mapping'
  | 'exception';

/** Where a failure lies: a FHIR element or search parameter, a source, a resource. Never a row's content. */
export interface FaultPlace {
  /** FHIRPath of an element, or `http.<name>` of a parameter or header (OperationOutcome.issue.expression). */
  readonly expression?: string;
  /** Name of the source in the configuration. */
  readonly source?: string;
}

/** Something to say beside an answer, or one of several things that are wrong: becomes one issue of an OperationOutcome. `message` is public, as a fault's is. */
export interface Issue {
  readonly severity: 'error' | 'warning' | 'information';
  readonly code: FaultCode;
  readonly message: string;
  readonly place: FaultPlace;
}

/**
 * A failure with a code. `message` is public: it may name a path, a parameter, a source or an id, and never holds SQL,
 * a driver's words or health data; those stay in `cause`, which is logged by its class alone.
 */
export class Fault extends Error {
  override readonly name = 'Fault';
  /** What is wrong, where that is more than one thing: the issues of its OperationOutcome. */
  readonly issues: readonly Issue[] | undefined;
  constructor(
    readonly code: FaultCode,
    message: string,
    readonly place: FaultPlace = {},
    { issues, ...options }: { cause?: unknown; issues?: readonly Issue[] } = {},
  ) {
    super(message, options);
    this.issues = issues;
  }
}

/** Codes that an adapter may throw, and which mean "this source did not answer" rather than "this request is wrong". */
export const sourceFaultCodes = [
  'source-unavailable',
  'source-timeout',
  'source-busy',
  'source-changed',
  'source-corrupt',
  'source-schema',
] as const satisfies readonly FaultCode[];

export type SourceFaultCode = (typeof sourceFaultCodes)[number];

export function isSourceFault(error: unknown): error is Fault & { readonly code: SourceFaultCode } {
  return error instanceof Fault && isSourceFaultCode(error.code);
}

export function isSourceFaultCode(code: FaultCode): code is SourceFaultCode {
  return (sourceFaultCodes as readonly string[]).includes(code);
}
