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
    compile: (shape: Shape) =>
      reporting((value, { instancePath }) => misshapen(value as Record<string, unknown>, instancePath, shape)),
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

function misshapen(value: Record<string, unknown>, instancePath: string, shape: Shape): readonly Finding[] {
  let found: Finding[] | undefined;
  const find = (keyword: string, params: object, at = instancePath) => {
    found ??= [];
    found.push({ instancePath: at, keyword, params: params as Record<string, unknown> });
  };
  // ele-1: "All FHIR elements must have a @value or children".
  if (!shape.resource && isBare(value)) find('bare', {});
  for (const name of shape.required)
    if (!(name in value) && !(`_${name}` in value)) find('required', { missingProperty: name });
  for (const { name, names, required } of shape.choices) {
    let first: string | undefined;
    for (const each of names) {
      if (!(each in value) && !(`_${each}` in value)) continue;
      if (first !== undefined) find('choice', { name });
      first = each;
    }
    if (first === undefined && required) find('required', { missingProperty: `${name}[x]` });
  }
  for (const name of shape.lists) {
    const values = value[name];
    const siblings = value[`_${name}`];
    if (values === undefined && siblings === undefined) continue;
    const length = Math.max(lengthOf(values), lengthOf(siblings));
    for (let index = 0; index < length; index++)
      if (isNothing(values, index) && isNothing(siblings, index))
        find('nothing', {}, `${instancePath}/${name}/${index}`);
  }
  return found ?? none;
}

function isBare(value: object): boolean {
  for (const name in value) if (name !== 'id') return false;
  return true;
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
