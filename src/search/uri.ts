import type { UriValue } from '../query/query.js';
import { trim } from '../source/space.js';
import { unescaped } from './escape.js';

/** R4 search.html#uri. */
export function parseUri(text: string, parameter: string): UriValue {
  return { kind: 'uri', uri: trim(unescaped(text, parameter)) };
}
