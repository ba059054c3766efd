import { Fault } from '../errors/fault.js';
import { Decimal } from './decimal.js';
import { type Element, element } from './elements.js';

type Json = Readonly<Record<string, unknown>>;

/** Deeper than any resource, and far from the end of the stack. */
const deepest = 100;

/** A value of a primitive type, where it is met. */
export interface MetPrimitive {
  readonly value: unknown;
  readonly element: Element;
  /** The type, or the path of the backbone element, that it is an element of: `Reference`, `Patient.contact`. */
  readonly owner: string;
  /** Where it is: `Patient.name[0].family`. */
  readonly at: () => string;
}

/**
 * A resource whose primitive values are changed, contained resources and extensions of primitives among them; what does not change is
 * shared with the original, which stays as it is. What R4 does not define is left alone.
 * @param at where the resource is: `Patient`, `Bundle.entry[3].resource`
 * @param change the new value; the same one to leave it
 * @throws {Fault} `invalid-body`: nested more than 100 levels
 */
export function mapPrimitives<R extends object>(resource: R, at: string, change: (met: MetPrimitive) => unknown): R {
  const within = (object: Json, owner: string, here: () => string, depth: number): Json => {
    if (depth > deepest) throw new Fault('invalid-body', `The resource nests more than ${deepest} levels.`);
    let changed: Record<string, unknown> | undefined;
    for (const [name, value] of Object.entries(object)) {
      const sibling = name.startsWith('_');
      const definition = element(owner, sibling ? name.slice(1) : name);
      if (!definition) continue;
      const place = () => `${here()}.${definition.choice ?? definition.name}`;
      const next = each(value, place, (item, where) => {
        if (isObject(item)) return within(item, typeOf(definition, item), where, depth + 1);
        return sibling || item === null || !/^[a-z]/.test(definition.type)
          ? item
          : change({ value: item, element: definition, owner, at: where });
      });
      if (next === value) continue;
      changed ??= { ...object };
      changed[name] = next;
    }
    return changed ?? object;
  };
  return within(resource as Json, String((resource as Json).resourceType), () => at, 0) as R;
}

function each(value: unknown, at: () => string, map: (item: unknown, at: () => string) => unknown): unknown {
  if (!Array.isArray(value)) return map(value, at);
  const items = value.map((item, i) => (Array.isArray(item) ? item : map(item, () => `${at()}[${i}]`)));
  return items.every((item, i) => item === value[i]) ? value : items;
}

const typeOf = ({ type, children }: Element, value: Json) =>
  type === 'Resource' ? String(value.resourceType) : children;

function isObject(value: unknown): value is Json {
  return typeof value === 'object' && value !== null && !Array.isArray(value) && !(value instanceof Decimal);
}
