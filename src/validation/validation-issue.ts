/** The codes of https://hl7.org/fhir/R4/valueset-issue-type.html that a validation has. */
export const issueTypes = [
  'structure',
  'required',
  'value',
  'invariant',
  'code-invalid',
  'extension',
  'not-found',
  'not-supported',
  'too-long',
  'conflict',
] as const;
export type IssueType = (typeof issueTypes)[number];

/** One finding of a validation. */
export interface ValidationIssue {
  readonly severity: 'error' | 'warning' | 'information';
  readonly code: IssueType;
  /** Public: names elements, types, rules and URLs of definitions, and never holds a value of the resource. */
  readonly message: string;
  /** FHIRPath of the element (`Patient.name[0].given[1]`), or of its parent where the element is missing or unknown. */
  readonly expression: string;
  /** Key of the invariant (`pat-1`). */
  readonly rule?: string;
}
