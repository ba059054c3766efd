import { Fault } from '../errors/fault.js';
import { type Element, resourceTypes } from '../fhir/elements.js';
import { type Given, isPrimitiveType } from './patch-operation.js';
import { elementsOf, type Item, items, type Owner, setItems } from './place.js';

/** https://hl7.org/fhir/R4/datatypes.html: a value of a specialised type is one of the general type. */
const general: Readonly<Record<string, string>> = {
  code: 'string',
  id: 'string',
  markdown: 'string',
  url: 'uri',
  canonical: 'uri',
  uuid: 'uri',
  oid: 'uri',
  positiveInt: 'integer',
  unsignedInt: 'integer',
  Age: 'Quantity',
  Duration: 'Quantity',
  Count: 'Quantity',
  Distance: 'Quantity',
};

/**
 * The element of an owner that a value goes to, and the value as JSON has it there.
 * @throws {Fault} `unprocessable`: no such element, or not of that type ("Servers SHALL return an error if the type is wrong")
 */
export function itemFor(owner: Owner, name: string, given: Given, at: string): { element: Element; item: Item } {
  const named = elementsOf(owner, name);
  if (named.length === 0)
    throw new Fault('unprocessable', `The name is no element of ${owner.path}.`, { expression: at });
  const element =
    named.find((each) => takes(owner.path, each, given)) ?? named.find((each) => takesGeneral(each, given));
  if (!element)
    throw new Fault('unprocessable', `The value is not of a type that the element of ${owner.path} has.`, {
      expression: at,
    });
  return { element, item: { value: contentOf(element, given), sibling: siblingOf(given) } };
}

function takes(path: string, { name, type, choice }: Element, given: Given): boolean {
  switch (given.kind) {
    case 'typed':
      // Parameters have no value of type xhtml: HL7's own cases give it as a string. Extension.url is defined as a plain string.
      if (type === 'xhtml') return given.type === 'string';
      return given.type === type || (path === 'Extension' && name === 'url' && given.type === 'uri');
    case 'resource':
      return type === 'Resource' && resourceTypes.has(String(given.resource.resourceType));
    case 'parts':
      return choice === undefined && !isPrimitiveType(type) && type !== 'Resource';
  }
}

const takesGeneral = ({ type, choice }: Element, given: Given): boolean =>
  choice === undefined && given.kind === 'typed' && general[given.type] === type;

function contentOf(element: Element, given: Given): unknown {
  switch (given.kind) {
    case 'typed':
      return given.value;
    case 'resource':
      return given.resource;
    case 'parts': {
      const owner: Owner = { object: {}, path: element.children };
      for (const part of given.parts) append(owner, part.name, part.given, part.at);
      return owner.object;
    }
  }
}

const siblingOf = (given: Given): unknown => (given.kind === 'typed' ? given.sibling : undefined);

/**
 * Adds a value behind those that an element has.
 * @throws {Fault} `unprocessable`: it does not repeat, and has one ("Add can be used for non-repeating elements as long as they do
 * not already exist"), and as `itemFor`
 */
export function append(owner: Owner, name: string, given: Given, at: string): void {
  const { element, item } = itemFor(owner, name, given, at);
  const same = element.choice === undefined ? [element] : elementsOf(owner, element.choice);
  if (!element.array && same.some((each) => items(owner, each, at).length > 0))
    throw new Fault('unprocessable', 'The element does not repeat, and has a value already.', { expression: at });
  setItems(owner, element, [...items(owner, element, at), item]);
}
