import type { Ajv, ErrorObject, ValidateFunction } from 'ajv';
import type { DataValidateFunction, DataValidationCxt } from 'ajv/dist/types/index.js';
import { isDecimal } from './primitive.js';
import type { Shape } from './type-schema.js';

type Finding = Partial<ErrorObject>;

/** The keywords of `type-schema.ts` that JSON Schema does not have. `validatorOf` gives what a type is checked by, compiled at its first use. */
export function addKeywords(
  ajv: Ajv,
  validatorOf: (path: string) => ValidateFunction,
  isResourceType: (type: unknown) => type is string,
): void {
  ajv.addKeyword({ keyword: 'orNull', schemaType: 'boolean' });
  ajv.addKeyword({
    keyword: 'of',
    schemaType: 'string',
    errors: 'full',
    compile: (path: string, parent: object) => {
      const orNull = 'orNull' in parent;
      let validator: ValidateFunction | undefined;
      return reporting((value, context) => {
        if (value === null && orNull) return [];
        validator ??= validatorOf(path);
        return validator(value, context) ? [] : (validator.errors ?? []);
      });
    },
  });
  ajv.addKeyword({
    keyword: 'resource',
    schemaType: 'boolean',
    errors: 'full',
    compile: () =>
      reporting((value, context) => {
        const type = isObject(value) ? value.resourceType : undefined;
        if (!isResourceType(type)) return [{ instancePath: context.instancePath, keyword: 'resource', params: {} }];
        const validator = validatorOf(type);
        return validator(value, context) ? [] : (validator.errors ?? []);
      }),
  });
  ajv.addKeyword({
    keyword: 'decimal',
    schemaType: 'string',
    errors: 'full',
    compile: (orNull: string) =>
      reporting((value, { instancePath }) =>
        isDecimal(value) || (value === null && orNull === 'or null')
          ? []
          : [{ instancePath, keyword: 'type', params: { type: 'number' }, parentSchema: { title: 'decimal' } }],
      ),
  });
  ajv.addKeyword({
    keyword: 'shape',
    type: 'object',
    schemaType: 'object',
    errors: 'full',
    compile: (shape: Shape) => {
      const ready = prepared(shape);
      return reporting((value, { instancePath }) => misshapen(value as Record<string, unknown>, instancePath, ready));
    },
  });
}

function reporting(find: (value: unknown, context: DataValidationCxt) => readonly Finding[]): DataValidateFunction {
  const validate: DataValidateFunction = (value, context) => {
    const found = find(value, context!);
    if (found.length === 0) return true;
    validate.errors = [...found];
    return false;
  };
  return validate;
}

const none: readonly Finding[] = [];

/** What a shape asks of each name that is there: most values have few of the names that their type has. */
interface Prepared extends Shape {
  readonly choiceOf: ReadonlyMap<string, string>;
  readonly listOf: ReadonlyMap<string, string>;
}

function prepared(shape: Shape): Prepared {
  const both = (name: string) => [name, `_${name}`];
  return {
    ...shape,
    choiceOf: new Map(
      shape.choices.flatMap(({ name, names }) => names.flatMap(both).map((each) => [each, name] as const)),
    ),
    listOf: new Map(shape.lists.flatMap((name) => both(name).map((each) => [each, name] as const))),
  };
}

function misshapen(value: Record<string, unknown>, instancePath: string, shape: Prepared): readonly Finding[] {
  let found: Finding[] | undefined;
  const find = (keyword: string, params: object, at = instancePath) => {
    found ??= [];
    found.push({ instancePath: at, keyword, params: params as Record<string, unknown> });
  };
  let bare = true;
  // Choice -> the type of it that is there.
  let chosen: Map<string, string> | undefined;
  for (const key in value) {
    if (key !== 'id') bare = false;
    const choice = shape.choiceOf.get(key);
    if (choice !== undefined) {
      const name = key.startsWith('_') ? key.slice(1) : key;
      chosen ??= new Map();
      if ((chosen.get(choice) ?? name) !== name) find('choice', { name: choice });
      chosen.set(choice, name);
    }
    const list = shape.listOf.get(key);
    if (list !== undefined)
      findNothing(value, list, (index) => find('nothing', {}, `${instancePath}/${list}/${index}`));
  }
  // ele-1: "All FHIR elements must have a @value or children".
  if (bare && !shape.resource) find('bare', {});
  for (const name of shape.required)
    if (!(name in value) && !(`_${name}` in value)) find('required', { missingProperty: name });
  for (const { name, required } of shape.choices)
    if (required && !chosen?.has(name)) find('required', { missingProperty: `${name}[x]` });
  return found ?? none;
}

/** Where a list of primitive values, or of what more is said of them, says nothing at all. */
function findNothing(value: Record<string, unknown>, name: string, find: (index: number) => void): void {
  const values = value[name];
  const siblings = value[`_${name}`];
  const length = Math.max(lengthOf(values), lengthOf(siblings));
  for (let index = 0; index < length; index++) if (isNothing(values, index) && isNothing(siblings, index)) find(index);
}

function lengthOf(list: unknown): number {
  return Array.isArray(list) ? list.length : 0;
}

function isNothing(list: unknown, index: number): boolean {
  return !Array.isArray(list) || list[index] === null || list[index] === undefined;
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
