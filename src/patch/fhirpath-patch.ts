import type { Resource } from '@medplum/fhirtypes';
import { Fault } from '../errors/fault.js';
import { append, itemFor } from './given-value.js';
import { withSameIdentity } from './identity.js';
import { copyJson, type JsonObject } from './json-copy.js';
import { type PatchOperation, readOperations } from './patch-operation.js';
import { elementsAt, type Meter } from './patch-path.js';
import { type Item, items, ownerAt, type Place, placeOf, removeItem, setItems } from './place.js';

/**
 * A resource after a FHIRPath Patch (https://hl7.org/fhir/R4/fhirpatch.html); neither argument changes. The outcome is not
 * validated beyond the types of what was put into it.
 * @param patch a Parameters resource, parsed
 * @throws {Fault} `invalid-body` when the patch is malformed or a path is more than a patch may use; `unprocessable` when a path does
 * not lead to the one element or list that the operation needs, a value is not of its element's type, or the identity would
 * change; `too-large`, `too-costly`. Each names the operation: `Parameters.parameter[0]`.
 */
export function applyFhirPathPatch(resource: Resource, patch: unknown): Resource {
  const operations = readOperations(patch);
  const changed = copyJson(resource) as JsonObject;
  const meter: Meter = { steps: 0 };
  for (const operation of operations) apply(changed, operation, meter);
  return withSameIdentity(resource, changed);
}

function apply(resource: JsonObject, operation: PatchOperation, meter: Meter): void {
  const { at } = operation;
  const places = elementsAt(resource, operation.path, at, meter).map((node) => placeOf(node, resource, at));
  switch (operation.type) {
    case 'add':
      append(ownerAt(one(places, at), resource, at), operation.name, operation.given, at);
      return;
    case 'delete':
      if (places.length > 0) removeItem(within(one(places, at), at), at);
      return;
    case 'replace': {
      const { owner, element, index } = within(one(places, at), at);
      const { element: next, item } = itemFor(owner, element.choice ?? element.name, operation.given, at);
      const all = items(owner, element, at);
      if (next.name !== element.name) setItems(owner, element, []);
      setItems(owner, next, all.with(index, item));
      return;
    }
    case 'insert': {
      const { owner, element, all } = list(places, at);
      if (operation.index > all.length) throw outside(at);
      const { item } = itemFor(owner, element.name, operation.given, at);
      setItems(owner, element, all.toSpliced(operation.index, 0, item));
      return;
    }
    case 'move': {
      const { owner, element, all } = list(places, at);
      const { source, destination } = operation;
      if (source >= all.length || destination >= all.length) throw outside(at);
      setItems(owner, element, all.toSpliced(source, 1).toSpliced(destination, 0, all[source]!));
      return;
    }
  }
}

/** "The FHIRPath statement must return a single element." */
function one(places: readonly (Place | undefined)[], at: string): Place | undefined {
  if (places.length === 1) return places[0];
  throw unprocessable(
    places.length === 0 ? 'The path leads to no element.' : `The path leads to ${places.length} elements, not to one.`,
    at,
  );
}

function within(place: Place | undefined, at: string): Place {
  if (place) return place;
  throw unprocessable('The operation is on an element, not on the whole resource.', at);
}

/** "For insert and move, all elements must be in the same list"; the indexes count the list, so that the path has to name all of it. */
function list(
  places: readonly (Place | undefined)[],
  at: string,
): Pick<Place, 'owner' | 'element'> & { all: readonly Item[] } {
  const [first] = places;
  if (places.length === 0) throw unprocessable('The path leads to no element; a list begins with add.', at);
  if (!first?.element.array) throw unprocessable('The path leads to no list.', at);
  const { owner, element } = first;
  if (!places.every((place) => place?.owner.object === owner.object && place.element.name === element.name))
    throw unprocessable('The path leads to more than one list.', at);
  const all = items(owner, element, at);
  if (places.length !== all.length) throw unprocessable('The path leads to a part of a list, not to all of it.', at);
  return { owner, element, all };
}

const outside = (at: string) => unprocessable('The index is outside the list.', at);
const unprocessable = (why: string, at: string) => new Fault('unprocessable', why, { expression: at });
