import { approximately, numberRange } from '../fhir/number-range.js';
import type { NumberValue } from '../query/query.js';
import { unescaped } from './escape.js';
import { invalidValue } from './invalid-value.js';
import { readPrefix } from './prefix.js';

/** R4 search.html#number. */
export function parseNumber(text: string, parameter: string): NumberValue {
  const { prefix, rest } = readPrefix(unescaped(text, parameter).trim());
  const range = prefix === 'ap' ? approximately(rest) : numberRange(rest);
  if (!range) throw invalidValue(parameter, 'a number, with an optional prefix');
  return { kind: 'number', prefix, ...range };
}
