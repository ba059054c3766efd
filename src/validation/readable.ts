import { Decimal } from '../fhir/decimal.js';
import { fhirPath } from '../fhir/fhir-path.js';

/** Deeper than any resource of R4 needs; below it every part of a validation may call itself. */
const deepest = 64;

/** Is a value nested deeper than is looked into? Are there decimals in it that keep their text? */
export function survey(value: unknown, left = deepest): { readonly tooDeep: boolean; readonly exact: boolean } {
  if (typeof value !== 'object' || value === null) return plain;
  if (value instanceof Decimal) return exactly;
  if (left === 0) return deep;
  let found = plain;
  for (const name in value) {
    const inner = (value as Record<string, unknown>)[name];
    if (typeof inner !== 'object' || inner === null) continue;
    const { tooDeep, exact } = survey(inner, left - 1);
    if (tooDeep) return deep;
    if (exact) found = exactly;
  }
  return found;
}

const plain = { tooDeep: false, exact: false };
const exactly = { tooDeep: false, exact: true };
const deep = { tooDeep: true, exact: false };

/** A copy whose decimals are those of FHIRPath, none of their digits lost. */
export function forFhirPath(value: unknown): unknown {
  if (typeof value !== 'object' || value === null) return value;
  if (value instanceof Decimal) return fhirPath().FP_Decimal.getDecimal(value.text);
  if (Array.isArray(value)) return value.map(forFhirPath);
  return Object.fromEntries(Object.entries(value).map(([name, inner]) => [name, forFhirPath(inner)]));
}
