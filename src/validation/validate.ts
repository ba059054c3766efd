import { resourceTypes } from '../fhir/elements.js';
import { contentIssues } from './content.js';
import { profileFinding } from './profiles.js';
import { forFhirPath, survey } from './readable.js';
import { structureIssues } from './structure.js';
import type { ValidationIssue } from './validation-issue.js';

type Json = Readonly<Record<string, unknown>>;

export interface ValidationOptions {
  /** The type that the resource must have. */
  readonly type?: string;
  /** Canonical URLs of profiles that the resource must conform to, beside those that its own `meta.profile` claims. */
  readonly profiles?: readonly string[];
  /** Say also what should be otherwise and need not (default: true). */
  readonly warnings?: boolean;
  /** What a claim of an unknown profile in `meta.profile` is (default: `error`). */
  readonly unknownProfiles?: 'error' | 'warning';
}

/** More is said of no resource. */
const most = 200;

/**
 * What is wrong with a resource, as JSON has it, by the definitions of R4: structure, invariants, types of references, required
 * bindings, our own extensions. Its decimals are numbers or Decimals. The resource is left as it is. Empty: it is valid, and nothing
 * is to be said of it; it is valid as well where no issue is an error.
 */
export function validate(resource: unknown, options: ValidationOptions = {}): readonly ValidationIssue[] {
  const { type: wanted, profiles = [], warnings = true, unknownProfiles = 'error' } = options;
  const type = isObject(resource) ? resource.resourceType : undefined;
  if (!isObject(resource) || typeof type !== 'string' || !resourceTypes.has(type))
    return [refusal('structure', 'A resource is a JSON object that names its type, one of R4, in resourceType.')];
  if (wanted !== undefined && type !== wanted)
    return [refusal('structure', `A ${wanted} is wanted here, not a ${type}.`, type)];
  const { tooDeep, exact } = survey(resource);
  if (tooDeep) return [refusal('too-long', 'The resource is nested too deeply.', type)];
  const issues = withoutRepeats([
    ...structureIssues(resource, type),
    ...contentIssues(exact ? (forFhirPath(resource) as Json) : resource, type, warnings),
    ...profileIssues(resource, type, profiles, unknownProfiles),
  ]);
  return issues.length <= most
    ? issues
    : [...issues.slice(0, most), refusal('too-long', `${issues.length - most} further issues.`, type)];
}

/** A date of no form and of no calendar is said to be wrong once. */
function withoutRepeats(issues: readonly ValidationIssue[]): readonly ValidationIssue[] {
  if (issues.length < 2) return issues;
  return [...new Map(issues.map((issue) => [`${issue.expression} ${issue.message}`, issue])).values()];
}

/** Is the resource fit to be kept? */
export function isValid(issues: readonly ValidationIssue[]): boolean {
  return issues.every(({ severity }) => severity !== 'error');
}

function profileIssues(
  { meta }: Json,
  type: string,
  asked: readonly string[],
  unknown: 'error' | 'warning',
): readonly ValidationIssue[] {
  const claimed = isObject(meta) && Array.isArray(meta.profile) ? meta.profile : [];
  return [
    ...asked.map((profile) => ({ finding: profileFinding(profile, type), expression: type, severity: undefined })),
    ...claimed.map((profile: unknown, index) => ({
      finding: typeof profile === 'string' ? profileFinding(profile, type) : undefined,
      expression: `${type}.meta.profile[${index}]`,
      severity: unknown,
    })),
  ].flatMap(({ finding, expression, severity }) =>
    finding ? [{ ...finding, severity: severity ?? finding.severity, expression }] : [],
  );
}

function refusal(code: ValidationIssue['code'], message: string, expression = 'Resource'): ValidationIssue {
  return { severity: 'error', code, message, expression };
}

function isObject(value: unknown): value is Json {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
