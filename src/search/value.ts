import type { SearchParameter } from '../fhir/search-parameters.js';
import type { SearchPath } from '../fhir/search-path.js';
import type { SearchValue } from '../query/query.js';
import { parseDate } from './date.js';
import { invalidValue } from './invalid-value.js';
import type { ReadModifier } from './modifiers.js';
import { parseNumber } from './number.js';
import { parseQuantity } from './quantity.js';
import { parseReferenceValue } from './reference.js';
import { parseString } from './string.js';
import { parseIdentifier, parseToken } from './token.js';
import { parseUri } from './uri.js';

export interface ValueContext {
  /** This server's base, without a slash at the end. */
  readonly baseUrl: string;
  readonly now: Date;
}

/** One value of a parameter that is no composite, its modifier applied; `paths` are where the parameter looks. */
export function parseValue(
  text: string,
  { code, type }: SearchParameter,
  paths: readonly SearchPath[],
  { baseUrl, now }: ValueContext,
  { modifier, target }: ReadModifier = {},
): SearchValue {
  if (modifier === 'text') return parseString(text, code);
  if (modifier === 'identifier') return parseIdentifier(text, code);
  switch (type) {
    case 'string':
      return parseString(text, code);
    case 'token':
      return parseToken(text, code, paths);
    case 'date':
      return parseDate(text, code, now);
    case 'number':
      return parseNumber(text, code);
    case 'quantity':
      return parseQuantity(text, code);
    case 'reference':
      return parseReferenceValue(text, code, baseUrl, target);
    case 'uri':
      return parseUri(text, code);
    case 'composite':
    case 'special':
      throw invalidValue(code, 'it cannot be part of a composite');
  }
}
