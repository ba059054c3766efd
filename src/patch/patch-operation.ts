import { Fault } from '../errors/fault.js';
import { element } from '../fhir/elements.js';
import { copyJson, isObject, type JsonObject } from './json-copy.js';

/** What an operation puts somewhere: a value of a type, a whole resource, or the elements of an anonymous type, each by its name. */
export type Given =
  | { readonly kind: 'typed'; readonly type: string; readonly value: unknown; readonly sibling: unknown }
  | { readonly kind: 'resource'; readonly resource: JsonObject }
  | { readonly kind: 'parts'; readonly parts: readonly GivenPart[] };

export interface GivenPart {
  readonly name: string;
  readonly given: Given;
  /** Where in the Parameters. */
  readonly at: string;
}

/** One operation of a FHIRPath Patch. `at` is where in the Parameters: `Parameters.parameter[0]`. */
export type PatchOperation = { readonly path: string; readonly at: string } & (
  | { readonly type: 'add'; readonly name: string; readonly given: Given }
  | { readonly type: 'insert'; readonly index: number; readonly given: Given }
  | { readonly type: 'delete' }
  | { readonly type: 'replace'; readonly given: Given }
  | { readonly type: 'move'; readonly source: number; readonly destination: number }
);

/** https://hl7.org/fhir/R4/fhirpatch.html: the parts of each operation beside `type` and `path`; all are mandatory. */
const parts = {
  add: ['name', 'value'],
  insert: ['index', 'value'],
  delete: [],
  replace: ['value'],
  move: ['source', 'destination'],
} as const satisfies Record<PatchOperation['type'], readonly string[]>;

/** Each operation costs the parsing of a path. */
const mostOperations = 256;

/**
 * The operations that a Parameters resource says.
 * @throws {Fault} `invalid-body` naming the part that is missing, unknown, repeated or of another type; `too-large`
 */
export function readOperations(body: unknown): readonly PatchOperation[] {
  // A copy: what the operations put into the resource is not shared with the body.
  const patch = copyJson(body);
  if (!isObject(patch) || patch.resourceType !== 'Parameters')
    throw new Fault('invalid-body', 'A FHIRPath Patch is a Parameters resource.');
  const parameters = list(patch.parameter, 'Parameters.parameter');
  if (parameters.length > mostOperations)
    throw new Fault('too-large', `A FHIRPath Patch has at most ${mostOperations} operations.`);
  return parameters.map((parameter, i) => readOperation(parameter, `Parameters.parameter[${i}]`));
}

function readOperation(parameter: unknown, at: string): PatchOperation {
  if (!isObject(parameter) || parameter.name !== 'operation')
    throw malformed(at, 'Each parameter of a FHIRPath Patch is named operation.');
  const found = new Map<string, Given>();
  for (const { name, given, at: where } of readParts(parameter.part, at)) {
    if (found.has(name)) throw malformed(where, 'An operation has each part once.');
    found.set(name, given);
  }
  const type = primitive(found, 'type', ['code', 'string'], at);
  if (!Object.hasOwn(parts, type)) throw malformed(at, 'The type is none of add, insert, delete, replace and move.');
  const wanted: readonly string[] = ['type', 'path', ...parts[type as PatchOperation['type']]];
  for (const name of found.keys())
    if (!wanted.includes(name)) throw malformed(at, `The operation has only the parts ${wanted.join(', ')}.`);
  const path = primitive(found, 'path', ['string'], at);
  const value = () => {
    const given = found.get('value');
    if (!given) throw malformed(at, 'The operation has no value.');
    return given;
  };
  switch (type as PatchOperation['type']) {
    case 'add':
      return { type: 'add', at, path, name: primitive(found, 'name', ['string', 'code'], at), given: value() };
    case 'insert':
      return { type: 'insert', at, path, index: position(found, 'index', at), given: value() };
    case 'delete':
      return { type: 'delete', at, path };
    case 'replace':
      return { type: 'replace', at, path, given: value() };
    case 'move': {
      const [source, destination] = [position(found, 'source', at), position(found, 'destination', at)];
      return { type: 'move', at, path, source, destination };
    }
  }
}

function readParts(value: unknown, at: string): readonly GivenPart[] {
  return list(value, `${at}.part`).map((part, i) => {
    const where = `${at}.part[${i}]`;
    if (!isObject(part) || typeof part.name !== 'string') throw malformed(where, 'A part has a name.');
    return { name: part.name, given: readGiven(part, where), at: where };
  });
}

function readGiven(part: JsonObject, at: string): Given {
  const names = Object.keys(part).map((name) => name.replace(/^_/, ''));
  const kinds = new Set(names.filter((name) => name === 'part' || name === 'resource' || name.startsWith('value')));
  const [kind] = kinds;
  if (kind === undefined || kinds.size > 1) throw malformed(at, 'A part has one value[x], resource or list of parts.');
  if (kind === 'part') {
    const given = readParts(part.part, at);
    if (given.length === 0) throw malformed(at, 'A part has one value[x], resource or list of parts.');
    return { kind: 'parts', parts: given };
  }
  if (kind === 'resource') {
    if (!isObject(part.resource)) throw malformed(at, 'The resource is not an object.');
    return { kind: 'resource', resource: part.resource };
  }
  const type = element('Parameters.parameter', kind)?.type;
  if (type === undefined) throw malformed(at, 'The value is of no type that R4 allows in Parameters.');
  const [value, sibling] = [part[kind], part[`_${kind}`]];
  const well = isPrimitiveType(type)
    ? isPrimitive(value) && (sibling === undefined ? value !== undefined : isFilled(sibling))
    : isFilled(value) && sibling === undefined;
  if (!well) throw malformed(at, `The value is not a ${type}.`);
  return { kind: 'typed', type, value, sibling };
}

const isPrimitive = (value: unknown) => value !== null && !isObject(value) && !Array.isArray(value);
const isFilled = (value: unknown) => isObject(value) && Object.keys(value).length > 0;

/** R4 writes primitive types in lower case. */
export const isPrimitiveType = (type: string): boolean => /^[a-z]/.test(type);

function primitive(found: ReadonlyMap<string, Given>, name: string, types: readonly string[], at: string): string {
  const given = found.get(name);
  if (given?.kind !== 'typed' || !types.includes(given.type) || typeof given.value !== 'string' || given.value === '')
    throw malformed(at, `The operation has no ${types[0]} as ${name}.`);
  return given.value;
}

function position(found: ReadonlyMap<string, Given>, name: string, at: string): number {
  const given = found.get(name);
  const value = given?.kind === 'typed' && /^(integer|unsignedInt|positiveInt)$/.test(given.type) ? given.value : null;
  if (!Number.isSafeInteger(value) || (value as number) < 0)
    throw malformed(at, `The operation has no integer from 0 on as ${name}.`);
  return value as number;
}

function list(value: unknown, at: string): readonly unknown[] {
  if (value === undefined) return [];
  if (!Array.isArray(value)) throw malformed(at, 'There is no list.');
  return value;
}

const malformed = (at: string, why: string) => new Fault('invalid-body', why, { expression: at });
