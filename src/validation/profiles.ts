import { parseCanonical } from '../fhir/reference.js';
import type { ValidationIssue } from './validation-issue.js';

const base = 'http://hl7.org/fhir/StructureDefinition/';
const version = '4.0.1';

/**
 * What is to be said of a profile that a resource is to be validated against: the definition of its own type is one that always is;
 * any other is not known here, and a resource that claims it is never called valid.
 * https://hl7.org/fhir/R4/resource.html#Meta
 */
export function profileFinding(
  profile: string,
  type: string,
): Pick<ValidationIssue, 'severity' | 'code' | 'message'> | undefined {
  const { url, version: asked = version } = parseCanonical(profile);
  if ([type, 'Resource', 'DomainResource'].some((each) => url === base + each) && asked === version) return undefined;
  return {
    severity: 'error',
    code: 'not-supported',
    message: 'This profile is not known here: the resource was validated against the definitions of R4 alone.',
  };
}
