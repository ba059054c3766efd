import type { ResourceNode } from 'fhirpath';
import { Fault } from '../errors/fault.js';
import { type Element, elements, elementsNamed } from '../fhir/elements.js';
import { isObject, type JsonObject } from './json-copy.js';
import { isPrimitiveType } from './patch-operation.js';

/** One value of an element: for a primitive, beside it what JSON keeps in `_name` (https://hl7.org/fhir/R4/json.html#primitive). */
export interface Item {
  readonly value: unknown;
  readonly sibling: unknown;
}

/** Something that has elements: the object they are members of, and the path of its type (`Patient`, `HumanName`, `Patient.contact`). */
export interface Owner {
  readonly object: JsonObject;
  readonly path: string;
}

/** Where a value is: the element of an owner, and its place in the list (0 where the element does not repeat). */
export interface Place {
  readonly owner: Owner;
  readonly element: Element;
  readonly index: number;
  /** Where the owner is; undefined for the resource itself. */
  readonly above: Place | undefined;
}

/**
 * Where a node is in a resource that is equal to the one it was found in; undefined for the resource itself.
 * @throws {Fault} `unprocessable`: not an element of R4 (`resourceType` is none), or not shaped as one
 */
export function placeOf(node: ResourceNode, resource: JsonObject, at: string): Place | undefined {
  const { parentResNode, propName, index } = node;
  if (!parentResNode) return undefined;
  const above = placeOf(parentResNode, resource, at);
  const owner = ownerAt(above, resource, at);
  const present = elementsNamed(owner.path, propName ?? '').filter(
    ({ name }) => Object.hasOwn(owner.object, name) || Object.hasOwn(owner.object, `_${name}`),
  );
  const [element] = present;
  if (!element || present.length > 1 || isValueOfPrimitive(owner, element))
    throw new Fault('unprocessable', 'The path names something that is no element of R4.', { expression: at });
  const place: Place = { owner, element, index: index ?? 0, above };
  if (items(owner, element, at)[place.index] === undefined)
    throw new Fault('unprocessable', 'The path names something that is not there.', { expression: at });
  return place;
}

/** What has the elements of a place: for a primitive, the object in `_name`, which is made when there is none. */
export function ownerAt(place: Place | undefined, resource: JsonObject, at: string): Owner {
  if (!place) return { object: resource, path: String(resource.resourceType) };
  const { owner, element, index } = place;
  const all = items(owner, element, at);
  let { value, sibling } = all[index] ?? { value: undefined, sibling: undefined };
  if (isPrimitiveType(element.type)) {
    if (sibling === undefined) {
      sibling = {};
      setItems(owner, element, all.with(index, { value, sibling }));
    }
    value = sibling;
  }
  if (!isObject(value))
    throw new Fault('unprocessable', 'The path leads through something that has no elements.', { expression: at });
  return { object: value, path: element.type === 'Resource' ? String(value.resourceType) : element.children };
}

/** The elements that a name stands for in an owner: one, or each type of a choice. What JSON keeps of a primitive is its id and extensions. */
export function elementsOf(owner: Owner, name: string): readonly Element[] {
  return elementsNamed(owner.path, name).filter((element) => !isValueOfPrimitive(owner, element));
}

const isValueOfPrimitive = ({ path }: Owner, { name }: Element) =>
  isPrimitiveType(path) && name === 'value' && elements(path)?.has('value') === true;

/** @throws {Fault} `unprocessable`: a list where R4 has none, or none where it has one */
export function items({ object }: Owner, { name, array }: Element, at: string): readonly Item[] {
  const [value, sibling] = [own(object, name), own(object, `_${name}`)];
  if (value === undefined && sibling === undefined) return [];
  const values = listed(value, array);
  const siblings = listed(sibling, array);
  if (!values || !siblings) throw new Fault('unprocessable', `${name} is not shaped as R4 says.`, { expression: at });
  return Array.from({ length: Math.max(values.length, siblings.length) }, (_, i) => ({
    value: values[i] ?? undefined,
    sibling: siblings[i] ?? undefined,
  }));
}

function listed(value: unknown, array: boolean): readonly unknown[] | undefined {
  if (value === undefined) return [];
  if (array) return Array.isArray(value) ? value : undefined;
  return Array.isArray(value) ? undefined : [value];
}

/** Members that are left empty go; a list of values and that beside it keep the same length, with null where one has nothing. */
export function setItems({ object }: Owner, { name, array }: Element, all: readonly Item[]): void {
  const set = (member: string, values: readonly unknown[]) => {
    if (values.every((value) => value === undefined)) delete object[member];
    else object[member] = array ? values.map((value) => value ?? null) : values[0];
  };
  set(
    name,
    all.map(({ value }) => value),
  );
  set(
    `_${name}`,
    all.map(({ sibling }) => sibling),
  );
}

/** Takes the value of a place away, and whatever it leaves empty: JSON of R4 has no empty object or list. */
export function removeItem({ owner, element, index, above }: Place, at: string): void {
  setItems(owner, element, items(owner, element, at).toSpliced(index, 1));
  if (!above || Object.keys(owner.object).length > 0) return;
  const all = items(above.owner, above.element, at);
  const { value } = all[above.index]!;
  if (!isPrimitiveType(above.element.type) || value === undefined) removeItem(above, at);
  else setItems(above.owner, above.element, all.with(above.index, { value, sibling: undefined }));
}

const own = (object: JsonObject, name: string): unknown => (Object.hasOwn(object, name) ? object[name] : undefined);
