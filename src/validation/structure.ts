import { Ajv, type AnySchema, type ErrorObject, type ValidateFunction } from 'ajv';
import { element, resourceTypes } from '../fhir/elements.js';
import { addKeywords } from './keywords.js';
import { formats } from './primitive.js';
import { typeSchema } from './type-schema.js';
import type { ValidationIssue } from './validation-issue.js';

type Json = Readonly<Record<string, unknown>>;

/** The schemas are our own, and read once: neither checking them nor polishing their code is worth its time. */
const ajv = new Ajv({
  allErrors: true,
  verbose: true,
  validateSchema: false,
  code: { optimize: false },
  formats: { ...formats },
});
const compiled = new Map<string, ValidateFunction>();

addKeywords(ajv, validatorOf, (type): type is string => typeof type === 'string' && resourceTypes.has(type));

/** A type is compiled when a value of it is first met. */
function validatorOf(path: string): ValidateFunction {
  let validator = compiled.get(path);
  if (!validator) {
    validator = ajv.compile(typeSchema(path) as AnySchema);
    compiled.set(path, validator);
  }
  return validator;
}

/** What of a resource is not as R4's definitions say: elements, how many of them, types of JSON, and the form of primitive values. */
export function structureIssues(resource: Json, type: string): readonly ValidationIssue[] {
  const validator = validatorOf(type);
  if (validator(resource)) return [];
  return (validator.errors ?? []).map((error) => ({
    severity: 'error',
    ...describe(error),
    expression: expressionAt(resource, type, error.instancePath),
  }));
}

function describe({ keyword, params, parentSchema }: ErrorObject): Pick<ValidationIssue, 'code' | 'message'> {
  const type = String((parentSchema as { title?: unknown } | undefined)?.title ?? 'element');
  switch (keyword) {
    case 'required':
      return { code: 'required', message: `${params.missingProperty} is required.` };
    case 'additionalProperties':
      return { code: 'structure', message: unknownElement(String(params.additionalProperty)) };
    case 'choice':
      return { code: 'structure', message: `${params.name}[x] has more than one type.` };
    case 'minItems':
      return { code: 'structure', message: 'An empty array: an element that has no values is left out.' };
    case 'nothing':
      return { code: 'structure', message: 'null stands only where an id or extensions are given in its place.' };
    case 'bare':
      return { code: 'invariant', message: 'ele-1: an element has a value or children.' };
    case 'resource':
      return { code: 'structure', message: 'A resource names its type, one of R4, in resourceType.' };
    case 'type':
      return { code: 'structure', message: `Here R4 has ${jsonType(params.type, type)}.` };
    case 'minLength':
      return { code: 'value', message: 'An empty text: an element that has no value is left out.' };
    default:
      return { code: 'value', message: `Not a value that the type ${type} allows.` };
  }
}

/** Only what may be the name of an element is repeated. */
function unknownElement(name: string): string {
  return /^_?[A-Za-z][A-Za-z0-9]{0,63}$/.test(name)
    ? `R4 has no element ${name} here.`
    : 'R4 has no element of such a name here.';
}

function jsonType(wanted: unknown, type: string): string {
  const [json] = [wanted].flat();
  if (json === 'object') return 'an object';
  if (json === 'array') return 'an array: the element repeats';
  return `the type ${type}, which is a JSON ${json === 'integer' ? 'whole number' : json}`;
}

/** FHIRPath of a JSON pointer: `/name/0/_given/1` is `Patient.name[0].given[1]`, `/valueQuantity` is `Observation.value.ofType(Quantity)`. */
export function expressionAt(resource: Json, type: string, pointer: string): string {
  let path = type;
  let expression = type;
  let value: unknown = resource;
  let inner = false;
  for (const segment of pointer.split('/').slice(1)) {
    value = (value as Json | undefined)?.[segment];
    if (/^\d+$/.test(segment)) expression += `[${segment}]`;
    else {
      const name = segment.startsWith('_') ? segment.slice(1) : segment;
      const found = element(path, name);
      expression += found?.choice === undefined ? `.${name}` : `.${found.choice}.ofType(${found.type})`;
      inner = found?.type === 'Resource';
      path = segment.startsWith('_') ? 'Element' : (found?.children ?? '');
    }
    const resourceType = inner ? (value as Json | undefined)?.resourceType : undefined;
    if (typeof resourceType === 'string') path = resourceType;
  }
  return expression;
}
