import { type Element, elements, resourceTypes } from '../fhir/elements.js';
import { isInValueSet, isLanguage } from './bindings.js';
import { constraints } from './definitions.js';
import { extensionFinding, extensionTargets } from './extensions.js';
import { createInvariant, type Invariant, type Surroundings } from './invariant.js';
import { type Location, printLocation } from './location.js';
import { isPrimitive } from './primitive.js';
import { referenceFinding, stray, strayContained } from './references.js';
import type { ValidationIssue } from './validation-issue.js';

type Json = Readonly<Record<string, unknown>>;

/** What is looked at in the elements of a path of elements.ts. */
interface Inspection {
  readonly invariants: readonly Invariant[];
  readonly children: ReadonlyMap<string, Child>;
}

interface Child {
  readonly element: Element;
  readonly primitive: boolean;
  /** `_name`: the id and the extensions of a primitive. */
  readonly sibling: boolean;
  /** As FHIRPath has it. */
  readonly name: string;
  /** Of this element, beside those of its type. */
  readonly invariants: readonly Invariant[];
  /** What the context of an extension may call it: `Patient.name`, `HumanName`. */
  readonly contexts: readonly string[];
}

/**
 * Constraints that are held elsewhere, and how: ele-1 by the structure, ref-1 and dom-3 with the references, txt-2 within txt-1;
 * ctm-1 needs other resources.
 */
const elsewhere = new Set(['ele-1', 'ref-1', 'dom-3', 'txt-2', 'ctm-1']);

const inspections = new Map<string, Inspection>();

function inspectionOf(path: string): Inspection {
  let found = inspections.get(path);
  if (!found) {
    found = inspection(path);
    inspections.set(path, found);
  }
  return found;
}

function inspection(path: string): Inspection {
  const own = elements(path) ?? new Map<string, Element>();
  const children = new Map<string, Child>();
  for (const element of own.values()) {
    const { name, type, choice, children: inner, profile } = element;
    const at = `${path}.${choice === undefined ? name : `${choice}[x]`}`;
    const child: Child = {
      element,
      primitive: isPrimitive(type),
      sibling: false,
      name: choice === undefined ? name : `${choice}.ofType(${type})`,
      invariants: [...(at === inner ? [] : invariantsAt(at, inner)), ...(profile ? invariantsAt(profile, inner) : [])],
      contexts: [`${path}.${choice ?? name}`, type, 'Element'],
    };
    children.set(name, child);
    if (child.primitive) children.set(`_${name}`, { ...child, sibling: true });
  }
  const domain = own.has('contained') ? invariantsAt('DomainResource', path) : [];
  return { invariants: [...invariantsAt(path, path), ...domain], children };
}

function invariantsAt(key: string, path: string): readonly Invariant[] {
  return (constraints()[key] ?? [])
    .filter((constraint) => !elsewhere.has(constraint.key))
    .map((constraint) => createInvariant(constraint, path));
}

/**
 * What the elements of a resource say that they may not: invariants, types of references, codes of required bindings, extensions.
 * Whatever is not of the structure that R4 has is passed over: `structure.ts` reports it.
 */
export function contentIssues(resource: Json, type: string, warnings: boolean): readonly ValidationIssue[] {
  const issues: ValidationIssue[] = [];
  new Walk(issues, warnings).resource(resource, type, { name: type }, { resource, rootResource: resource });
  return issues;
}

class Walk {
  constructor(
    private readonly issues: ValidationIssue[],
    private readonly warnings: boolean,
  ) {}

  resource(resource: Json, type: string, at: Location, surroundings: Surroundings): void {
    this.object(resource, type, at, surroundings, [type, 'DomainResource', 'Resource']);
    if (surroundings.resource === surroundings.rootResource)
      for (const index of strayContained(resource)) this.report({ parent: at, name: 'contained', index }, stray);
  }

  private object(
    value: Json,
    path: string,
    at: Location,
    surroundings: Surroundings,
    contexts: readonly string[],
    targets?: readonly string[],
  ): void {
    const { invariants, children } = inspectionOf(path);
    this.hold(invariants, value, at, surroundings);
    for (const name of Object.keys(value)) {
      const child = children.get(name);
      if (!child) continue;
      const found = value[name];
      if (!child.element.array)
        this.child(child, found, { parent: at, name: child.name }, surroundings, contexts, targets);
      else if (Array.isArray(found))
        for (let index = 0; index < found.length; index++)
          this.child(child, found[index], { parent: at, name: child.name, index }, surroundings, contexts, targets);
    }
  }

  private child(
    child: Child,
    value: unknown,
    at: Location,
    surroundings: Surroundings,
    parent: readonly string[],
    targets: readonly string[] = child.element.targets,
  ): void {
    if (value === null || value === undefined) return;
    const { element, invariants, contexts } = child;
    if (child.sibling) {
      if (isObject(value)) this.object(value, 'Element', at, surroundings, contexts);
      return;
    }
    this.hold(invariants, value, at, surroundings);
    if (element.binding !== undefined && !isInValueSet(value, element.type, element.binding))
      this.report(at, {
        code: 'code-invalid',
        message: `Not a code of ${element.binding}, which is required here.`,
      });
    if (element.languages && !isLanguage(value))
      this.report(at, { code: 'code-invalid', message: 'Not a language tag of BCP 47, which is required here.' });
    if (child.primitive || !isObject(value)) return;
    if (element.type === 'Resource') {
      this.inner(value, element, at, surroundings);
      return;
    }
    if (element.type === 'Reference') this.report(at, referenceFinding(value, targets, surroundings.rootResource));
    let inner: readonly string[] | undefined;
    if (element.type === 'Extension') {
      this.report(at, extensionFinding(value, parent, element.modifier));
      inner = extensionTargets(value.url);
    }
    this.object(value, element.children, at, surroundings, contexts, inner);
  }

  /** A contained resource is of the whole; one in a Bundle or in Parameters stands by itself. */
  private inner(resource: Json, { name }: Element, at: Location, { rootResource }: Surroundings): void {
    const type = resource.resourceType;
    if (typeof type !== 'string' || !resourceTypes.has(type)) return;
    this.resource(resource, type, at, { resource, rootResource: name === 'contained' ? rootResource : resource });
  }

  private hold(invariants: readonly Invariant[], value: unknown, at: Location, surroundings: Surroundings): void {
    for (const { key, severity, human, holds } of invariants) {
      if (severity === 'warning' && (!this.warnings || (key === 'dom-6' && isContained(surroundings)))) continue;
      const held = holds(value, surroundings);
      if (held === true) continue;
      if (held === false) this.report(at, { severity, code: 'invariant', message: `${key}: ${human}`, rule: key });
      else if (this.warnings)
        this.report(at, {
          severity: 'warning',
          code: 'not-supported',
          message: `${key} could not be evaluated.`,
          rule: key,
        });
    }
  }

  private report(
    at: Location,
    finding:
      | (Omit<ValidationIssue, 'severity' | 'expression'> & Partial<Pick<ValidationIssue, 'severity'>>)
      | undefined,
  ): void {
    if (finding) this.issues.push({ severity: 'error', ...finding, expression: printLocation(at) });
  }
}

/** https://hl7.org/fhir/R4/narrative.html: a contained resource needs no narrative, its container's covers it. */
function isContained({ resource, rootResource }: Surroundings): boolean {
  return resource !== rootResource;
}

function isObject(value: unknown): value is Json {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
