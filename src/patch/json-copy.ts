import { Fault } from '../errors/fault.js';
import { Decimal } from '../fhir/decimal.js';

export type JsonObject = Record<string, unknown>;

/** R4 nests a few dozen levels at most; a deeper document is there to exhaust the stack of whoever reads it. */
export const deepest = 100;

export function isObject(value: unknown): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value) && !(value instanceof Decimal);
}

/**
 * A copy that shares nothing with its original but Decimals, which never change.
 * @param leaf what a value that is neither an object nor an array becomes
 * @throws {Fault} `invalid-body`: nested more than 100 levels, or a member named `__proto__`
 */
export function copyJson(value: unknown, leaf: (value: unknown) => unknown = (same) => same, depth = 0): unknown {
  if (depth > deepest) throw new Fault('invalid-body', `The body nests more than ${deepest} levels.`);
  if (Array.isArray(value)) return value.map((item) => copyJson(item, leaf, depth + 1));
  if (!isObject(value)) return leaf(value);
  const copy: JsonObject = {};
  for (const [name, member] of Object.entries(value)) {
    if (name === '__proto__') throw new Fault('invalid-body', 'No element of FHIR is named __proto__.');
    copy[name] = copyJson(member, leaf, depth + 1);
  }
  return copy;
}
