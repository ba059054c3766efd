import type { UriValue } from '../query/query.js';
import { unescaped } from './escape.js';

/** R4 search.html#uri. */
export function parseUri(text: string, parameter: string): UriValue {
  return { kind: 'uri', uri: unescaped(text, parameter).trim() };
}
