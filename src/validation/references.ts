import { resourceTypes } from '../fhir/elements.js';
import { parseReference } from '../fhir/reference.js';
import type { ValidationIssue } from './validation-issue.js';

type Json = Readonly<Record<string, unknown>>;
type Finding = Pick<ValidationIssue, 'code' | 'message' | 'rule'>;

const base = 'http://hl7.org/fhir/StructureDefinition/';

/**
 * What is wrong with a Reference: a type that is not one of `targets` (none: any is), or that `type` contradicts; a contained resource that
 * is not there (ref-1). A reference that says no type is not followed.
 */
export function referenceFinding(reference: Json, targets: readonly string[], root: Json): Finding | undefined {
  const text = reference.reference;
  if (typeof text === 'string' && text.trim() === '')
    return { code: 'value', message: 'A reference that says nothing: an element that has no value is left out.' };
  const local = typeof text === 'string' && text.startsWith('#') ? text.slice(1) : undefined;
  const contained = local === undefined ? undefined : containedIn(root, local);
  if (local !== undefined && contained === undefined)
    return { code: 'not-found', message: 'ref-1: no contained resource has the id of this reference.', rule: 'ref-1' };
  const stated = typeof reference.type === 'string' ? reference.type.replace(base, '') : undefined;
  const type = contained ?? (typeof text === 'string' ? typeIn(text) : undefined);
  if (type !== undefined && stated !== undefined && resourceTypes.has(stated) && stated !== type)
    return { code: 'value', message: `The reference is to a ${type}, and its type says ${stated}.` };
  const found = type ?? stated;
  if (found === undefined || !resourceTypes.has(found) || targets.length === 0) return undefined;
  if (targets.includes(found) || targets.includes('Resource')) return undefined;
  return { code: 'structure', message: `A reference to ${targets.join(' or ')} is wanted here, not to ${found}.` };
}

/** https://hl7.org/fhir/R4/references.html#contained: `#` alone is the container itself. */
function containedIn(root: Json, id: string): string | undefined {
  const found = id === '' ? root : list(root.contained).find((each) => (each as Json | null)?.id === id);
  const type = (found as Json | undefined)?.resourceType;
  return typeof type === 'string' ? type : undefined;
}

/** `Patient/1`, `https://example.org/fhir/Patient/1`, or the search of a conditional reference, `Patient?identifier=1`. */
function typeIn(text: string): string | undefined {
  const search = /^([A-Z][A-Za-z]*)\?/.exec(text);
  return search ? search[1] : parseReference(text, '')?.type;
}

function list(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : [];
}

export const stray: Finding = {
  code: 'invariant',
  message: 'dom-3: a contained resource is referred to from elsewhere in the resource, or refers to it.',
  rule: 'dom-3',
};

/** Which of its contained resources nothing in a resource refers to, and refer to nothing themselves (dom-3). */
export function strayContained(resource: Json): readonly number[] {
  const { contained } = resource;
  if (!Array.isArray(contained)) return [];
  const targets = new Set<string>();
  collectLocal(resource, targets);
  return [...contained.keys()].filter((index) => {
    const one: unknown = contained[index];
    if (typeof one !== 'object' || one === null || targets.has(`#${(one as Json).id}`)) return false;
    const own = new Set<string>();
    collectLocal(one, own);
    return !own.has('#');
  });
}

/** Texts of references and URIs that begin with `#`; no other element of R4 is likely to. */
function collectLocal(value: unknown, found: Set<string>): void {
  if (typeof value === 'string') {
    if (value.startsWith('#')) found.add(value);
  } else if (typeof value === 'object' && value !== null)
    for (const inner of Object.values(value)) collectLocal(inner, found);
}
