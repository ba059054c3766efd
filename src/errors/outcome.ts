import type { OperationOutcome, OperationOutcomeIssue } from '@medplum/fhirtypes';
import { Fault, type FaultCode, type Issue } from './fault.js';

/** Coding systems of `issue.details`: which failure it is (docs/errors.md), and which source of the configuration it is about. */
export const faultSystem = 'urn:healthsync:fault';
export const sourceSystem = 'urn:healthsync:source';

/** Each failure's code in https://hl7.org/fhir/R4/valueset-issue-type.html. */
export const issueTypes = {
  'unknown-type': 'not-supported',
  'unknown-path': 'not-found',
  'not-found': 'not-found',
  'method-not-allowed': 'not-supported',
  'unknown-parameter': 'not-supported',
  'invalid-value': 'value',
  'invalid-modifier': 'not-supported',
  'invalid-cursor': 'value',
  'expired-cursor': 'not-found',
  'invalid-body': 'structure',
  'too-large': 'too-long',
  'url-too-long': 'too-long',
  'not-acceptable': 'not-supported',
  'unsupported-media-type': 'not-supported',
  'unsatisfiable-range': 'value',
  forbidden: 'forbidden',
  busy: 'throttled',
  'too-costly': 'too-costly',
  'source-unavailable': 'no-store',
  'source-timeout': 'timeout',
  'source-busy': 'throttled',
  'source-changed': 'transient',
  'source-corrupt': 'no-store',
  'source-schema': 'no-store',
  incomplete: 'incomplete',
  undecodable: 'exception',
  'duplicate-key': 'multiple-matches',
  'read-only': 'not-supported',
  unprocessable: 'processing',
  'invalid-resource': 'invalid',
  'not-writable': 'not-supported',
  constraint: 'business-rule',
  duplicate: 'duplicate',
  referenced: 'conflict',
  conflict: 'conflict',
  precondition: 'conflict',
  'multiple-matches': 'multiple-matches',
  'in-doubt': 'no-store',
  linked: 'informational',
  written: 'informational',
  cancelled: 'transient',
  configuration: 'exception',
  mapping: 'exception',
  exception: 'exception',
} as const satisfies Record<FaultCode, OperationOutcomeIssue['code']>;

/** Issues as one OperationOutcome, in their order. */
export function outcome(issues: readonly Issue[]): OperationOutcome {
  return { resourceType: 'OperationOutcome', issue: issues.map(outcomeIssue) };
}

/** A failure as the error of an OperationOutcome, or its several errors. Whatever is not a Fault says nothing of itself. */
export function outcomeOf(error: unknown): OperationOutcome {
  const { code, message, place, issues } = publicFault(error);
  return outcome(issues ?? [{ severity: 'error', code, message, place }]);
}

/** What a client may learn of a failure: a Fault as it is, anything else as `exception` in a generic word. */
export function publicFault(error: unknown): Fault {
  return error instanceof Fault
    ? error
    : new Fault('exception', 'The server failed to answer this request.', {}, { cause: error });
}

function outcomeIssue({ severity, code, message, place }: Issue): OperationOutcomeIssue {
  const { source, expression } = place;
  return {
    severity,
    code: issueTypes[code],
    details: {
      coding: [
        { system: faultSystem, code },
        ...(source === undefined ? [] : [{ system: sourceSystem, code: source }]),
      ],
    },
    diagnostics: message,
    ...(expression !== undefined && { expression: [expression] }),
  };
}
