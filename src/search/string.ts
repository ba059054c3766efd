import type { StringValue } from '../query/query.js';
import { trim } from '../source/space.js';
import { unescaped } from './escape.js';

/** R4 search.html#string. There are no prefixes: `general` is not `ge` and `neral`. */
export function parseString(text: string, parameter: string): StringValue {
  return { kind: 'string', text: trim(unescaped(text, parameter)) };
}
