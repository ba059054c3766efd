import type { QuantityValue } from '../query/query.js';
import { split, unescaped } from './escape.js';
import { invalidValue } from './invalid-value.js';
import { parseNumber } from './number.js';

/** R4 search.html#quantity: `[prefix][number]` or `[prefix][number]|[system]|[code]`; with an empty system, the unit as coded or as written. */
export function parseQuantity(text: string, parameter: string): QuantityValue {
  const [number = '', ...unit] = split(text, '|');
  if (unit.length !== 0 && unit.length !== 2)
    throw invalidValue(parameter, 'number, number|system|code or number||unit');
  const [system, code] = unit.map((piece) => unescaped(piece, parameter).trim());
  return { ...parseNumber(number, parameter), kind: 'quantity', ...(system && { system }), ...(code && { code }) };
}
