import { parseCanonical } from '../fhir/reference.js';
import type { ElementTest } from '../fhir/values-at.js';
import type { UriValue } from './query.js';

/** R4 search.html#uri: the whole uri, case and escapes included. A canonical also by its URL without version. */
export function uriTest(values: readonly UriValue[], type: string, baseUrl: string): ElementTest | undefined {
  const uris = values.map((value) => value.uri);
  if (type === 'canonical')
    return canonicalTest(uris.flatMap((uri) => (uri.includes(':') ? [uri] : [uri, `${baseUrl}/${uri}`])));
  const wanted = new Set<unknown>(uris);
  return (value) => wanted.has(value);
}

/** The canonicals that one of these names, with `|version` or without. */
export function canonicalTest(uris: readonly string[]): ElementTest {
  const wanted = new Set(uris);
  return (value) => typeof value === 'string' && (wanted.has(value) || wanted.has(parseCanonical(value).url));
}
