import { parseCanonical, parseReference } from '../fhir/reference.js';
import type { ElementTest, Json } from '../fhir/values-at.js';
import type { ReferenceValue } from './query.js';
import { canonicalTest } from './uri-test.js';

/**
 * R4 search.html#reference: literal references only. A relative reference and an absolute one to this server's base are the
 * same; a stated version does not matter. A canonical is compared as one.
 */
export function referenceTest(
  values: readonly ReferenceValue[],
  type: string,
  baseUrl: string,
): ElementTest | undefined {
  if (type === 'Reference') return literalTest(values, baseUrl);
  if (type !== 'canonical' && type !== 'uri' && type !== 'url') return undefined;
  const uris = values.flatMap((value) =>
    value.url !== undefined ? [value.url] : value.type ? [`${baseUrl}/${value.type}/${value.id}`] : [],
  );
  return canonicalTest(uris);
}

function literalTest(values: readonly ReferenceValue[], baseUrl: string): ElementTest {
  // A chain may have become thousands of ids.
  const typesById = new Map<string, Set<string | undefined>>();
  for (const { id, type } of values)
    if (id !== undefined) typesById.set(id, (typesById.get(id) ?? new Set()).add(type));
  const elsewhere = values.filter(({ id }) => id === undefined);
  return (value) => {
    const { reference, type: stated } = value as Json;
    if (typeof reference !== 'string') return false;
    const target = parseReference(reference, baseUrl);
    if (!target) return false;
    const type = target.type ?? stated;
    const types = target.id === undefined ? undefined : typesById.get(target.id);
    if (types) return types.has(undefined) || types.has(type as string | undefined);
    return elsewhere.some(
      (wanted) => (wanted.type === undefined || wanted.type === type) && sameUrl(wanted.url, target.url),
    );
  };
}

/** A canonical of another server may be named with its version in a Reference's search, too. */
function sameUrl(wanted: string | undefined, found: string | undefined): boolean {
  return wanted !== undefined && found !== undefined && (wanted === found || parseCanonical(found).url === wanted);
}
