import type { Bundle, BundleEntry, OperationOutcome, Resource } from '@medplum/fhirtypes';

/** What became of one entry. */
export interface EntryAnswer {
  readonly status: number;
  /** The resource, as `Prefer` asks for it. */
  readonly resource?: Resource | undefined;
  /** Hints of a success, or what went wrong. */
  readonly outcome?: OperationOutcome | undefined;
  /** As the header of a create has it. */
  readonly location?: string | undefined;
  /** Of the representation, for `W/"..."`. */
  readonly version?: string | undefined;
  /** An R4 instant. */
  readonly lastModified?: string | undefined;
  /** Public URL of the resource. */
  readonly fullUrl?: string | undefined;
}

/**
 * The answer to a batch or transaction, one entry for each of the request, in its order
 * (https://hl7.org/fhir/R4/http.html#transaction-response).
 */
export function responseBundle(type: 'batch' | 'transaction', answers: readonly EntryAnswer[]): Bundle {
  return {
    resourceType: 'Bundle',
    type: `${type}-response`,
    ...(answers.length > 0 && { entry: answers.map(responseEntry) }),
  };
}

function responseEntry(answer: EntryAnswer): BundleEntry {
  const { status, resource, outcome, location, version, lastModified, fullUrl } = answer;
  return {
    ...(fullUrl !== undefined && { fullUrl }),
    ...(resource && { resource }),
    response: {
      status: String(status),
      ...(location !== undefined && { location }),
      ...(version !== undefined && { etag: `W/"${version}"` }),
      ...(lastModified !== undefined && { lastModified }),
      ...(outcome && { outcome }),
    },
  };
}
