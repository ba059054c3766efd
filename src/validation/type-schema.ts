import { type Element, elements, resourceTypes } from '../fhir/elements.js';
import { isPrimitive, primitiveSchema } from './primitive.js';

/** What JSON Schema has no word for; `keywords.ts` holds it. */
export interface Shape {
  /** Is it a resource? It may then hold nothing but its type. */
  readonly resource: boolean;
  /** Elements of several types, of which at most one is there. */
  readonly choices: readonly { readonly name: string; readonly names: readonly string[]; readonly required: boolean }[];
  /** Primitive elements that must be there, by their value or by extensions alone. */
  readonly required: readonly string[];
  /** Primitive elements that repeat. */
  readonly lists: readonly string[];
}

/** JSON Schema of a type (`HumanName`, `Patient`) or backbone element (`Patient.contact`); its elements' own types by `of`. */
export function typeSchema(path: string): object {
  const resource = resourceTypes.has(path);
  const properties: Record<string, object> = resource ? { resourceType: { const: path } } : {};
  const required: string[] = [];
  const requiredValues: string[] = [];
  const lists: string[] = [];
  const choices = new Map<string, { name: string; names: string[]; required: boolean }>();
  for (const element of elements(path)?.values() ?? []) {
    const { name, array, choice } = element;
    const type = typeOf(element, resource);
    const primitive = isPrimitive(type);
    const one = primitive ? valueSchema(path, name, type, array) : complexSchema(element);
    properties[name] = array ? { type: 'array', minItems: 1, items: one } : one;
    if (primitive && (resource || !isAttribute(path, name))) properties[`_${name}`] = siblingSchema(array);
    if (primitive && array) lists.push(name);
    if (choice !== undefined) {
      const known = choices.get(choice) ?? { name: choice, names: [], required: element.required };
      known.names.push(name);
      choices.set(choice, known);
    } else if (element.required) (primitive ? requiredValues : required).push(name);
  }
  const shape: Shape = { resource, choices: [...choices.values()], required: requiredValues, lists };
  return { type: 'object', properties, additionalProperties: false, required, shape };
}

/** R4 resource.html#id: the id of a resource is an `id`; StructureDefinition has it as a string. */
function typeOf({ name, type }: Element, resource: boolean): string {
  return resource && name === 'id' ? 'id' : type;
}

/** https://hl7.org/fhir/R4/datatypes.html#Identifier: a system is an absolute URI. */
function valueSchema(path: string, name: string, type: string, array: boolean): object {
  const schema = primitiveSchema(type, array);
  return path === 'Identifier' && name === 'system'
    ? { ...schema, title: 'absolute uri', pattern: '^[A-Za-z][A-Za-z0-9+.-]*:[^ \\t\\n\\v\\f\\r]*$' }
    : schema;
}

/** Of an element's id and an extension's URL nothing more can be said: they are attributes in XML. */
function isAttribute(path: string, name: string): boolean {
  return name === 'id' || (path === 'Extension' && name === 'url');
}

function complexSchema({ type, children }: Element): object {
  return type === 'Resource' ? { resource: true } : { of: children };
}

/** `_name`: the id and the extensions of a primitive value. */
function siblingSchema(array: boolean): object {
  return array ? { type: 'array', minItems: 1, items: { of: 'Element', orNull: true } } : { of: 'Element' };
}
