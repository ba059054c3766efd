import { Decimal } from '../../fhir/decimal.js';
import { isObject } from './unify.js';

/** Is a value of the JSON form that a codec of a FHIR type takes? */
export function isOfForm(type: string, value: unknown): boolean {
  switch (type) {
    case 'boolean':
      return typeof value === 'boolean';
    case 'integer':
      return Number.isSafeInteger(value);
    case 'decimal':
      return value instanceof Decimal || Number.isFinite(value);
    case 'CodeableConcept':
      return isObject(value) && isText(value.text) && isAbsentOr(value.coding, isCodings);
    default:
      return typeof value === 'string';
  }
}

function isCodings(value: unknown): boolean {
  return (
    Array.isArray(value) && value.every((one) => isObject(one) && [one.system, one.code, one.display].every(isText))
  );
}

function isText(value: unknown): boolean {
  return isAbsentOr(value, (one) => typeof one === 'string');
}

function isAbsentOr(value: unknown, is: (value: unknown) => boolean): boolean {
  return value === undefined || is(value);
}
