import type { OperationOutcome, OperationOutcomeIssue } from '@medplum/fhirtypes';
import type { ValidationIssue } from './validation-issue.js';

/** Coding system of `issue.details`: the key of the invariant that does not hold (`pat-1`). */
export const ruleSystem = 'urn:healthsync:rule';

const allWell: OperationOutcomeIssue = {
  severity: 'information',
  code: 'informational',
  diagnostics: 'Nothing is wrong with the resource.',
};

/** Issues as an OperationOutcome, in their order; it has one that says so where there are none. */
export function validationOutcome(issues: readonly ValidationIssue[]): OperationOutcome {
  return { resourceType: 'OperationOutcome', issue: issues.length === 0 ? [allWell] : issues.map(outcomeIssue) };
}

function outcomeIssue({ severity, code, message, expression, rule }: ValidationIssue): OperationOutcomeIssue {
  return {
    severity,
    code,
    ...(rule !== undefined && { details: { coding: [{ system: ruleSystem, code: rule }] } }),
    diagnostics: message,
    expression: [expression],
  };
}
