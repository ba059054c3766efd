import { Decimal } from './decimal.js';
import { parseReference } from './reference.js';
import type { SearchPath, Step } from './search-path.js';

/** A JSON object of FHIR: a resource or a complex element. */
export type Json = Readonly<Record<string, unknown>>;

export type ElementTest = (value: unknown, resource: Json) => boolean;

/** Does any value at the path pass the test? `from` is where the path starts, `resource` the whole, for contained references. */
export type SomeAt = (from: Json, test: ElementTest, resource: Json) => boolean;

type Visit = (node: unknown, test: ElementTest, resource: Json) => boolean;

/** Compiles a path, so that following it allocates nothing. An element that is only in `_name` (extensions alone) has no value. */
export function someAt(path: SearchPath): SomeAt {
  if (path.anyOf) {
    const any = path.anyOf.map(someAt);
    return (from, test, resource) =>
      test(
        any.some((some) => some(from, (value) => value !== false, resource)),
        resource,
      );
  }
  const { target } = path;
  const end: Visit =
    target === undefined
      ? (node, test, resource) => test(node, resource)
      : (node, test, resource) => refersTo(node, target, resource) && test(node, resource);
  return path.steps.reduceRight((next, step) => follow(step, next), end);
}

/** All values at the path, in document order. */
export function valuesAt(resource: Json, path: SearchPath): readonly unknown[] {
  const values: unknown[] = [];
  someAt(path)(
    resource,
    (value) => {
      values.push(value);
      return false;
    },
    resource,
  );
  return values;
}

/** Does the element say anything itself? One with only an id and extensions counts as missing (R4 search.html#modifiers). */
export function hasContent(value: unknown): boolean {
  if (value === null || value === undefined) return false;
  if (typeof value !== 'object' || value instanceof Decimal) return true;
  return Object.keys(value).some(
    (key) => !key.startsWith('_') && key !== 'id' && key !== 'extension' && key !== 'modifierExtension',
  );
}

function follow({ name, where }: Step, next: Visit): Visit {
  const one: Visit = where
    ? (child, test, resource) => isObject(child) && child[where.name] === where.equals && next(child, test, resource)
    : (child, test, resource) => child !== null && next(child, test, resource);
  return (node, test, resource) => {
    const child = (node as Json)[name];
    if (child === undefined) return false;
    if (!Array.isArray(child)) return one(child, test, resource);
    for (const item of child) if (one(item, test, resource)) return true;
    return false;
  };
}

function isObject(value: unknown): value is Json {
  return typeof value === 'object' && value !== null;
}

/** `resolve() is T` without resolving: the type that the reference's text, or else Reference.type, states. */
function refersTo(reference: unknown, target: string, resource: Json): boolean {
  if (!isObject(reference)) return false;
  const text = reference.reference;
  if (typeof text === 'string') {
    const parsed = parseReference(text, '');
    if (parsed?.contained !== undefined) return containedType(resource, parsed.contained) === target;
    if (parsed?.type !== undefined) return parsed.type === target;
  }
  return reference.type === target || reference.type === `http://hl7.org/fhir/StructureDefinition/${target}`;
}

/** `#` alone is the container itself (R4 references.html#contained). */
function containedType(resource: Json, id: string): unknown {
  if (id === '') return resource.resourceType;
  const contained = Array.isArray(resource.contained) ? (resource.contained as readonly Json[]) : [];
  return contained.find((each) => each.id === id)?.resourceType;
}
