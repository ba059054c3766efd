import { parseReference } from '../../fhir/reference.js';
import type { SearchPath } from '../../fhir/search-path.js';
import type { ReferenceValue, UriValue } from '../../query/query.js';
import { always, type Bracket, never, or, unknown } from '../bracket.js';
import { child, leaf, linkedTo, refersTo, type SearchSetting, within } from '../leaf.js';
import { kindOf, type LinkedBinding, type Node, type ReferenceBinding } from '../template.js';

/** R4 search.html#reference: literal references, relative and absolute to this server alike. */
export function reference(node: Node, wanted: ReferenceValue, path: SearchPath, setting: SearchSetting): Bracket {
  if (path.type === 'canonical' || path.type === 'uri' || path.type === 'url') return unknown;
  if (path.type !== 'Reference') return never;
  if (kindOf(node) !== 'element') return unknown;
  return within(child(node, 'reference'), (literal) => {
    const kind = kindOf(literal);
    if (kind === 'reference' || kind === 'linked')
      return bound(literal as ReferenceBinding | LinkedBinding, wanted, path, setting);
    if (kind !== 'constant') return unknown;
    const target = parseReference(String(literal), setting.baseUrl);
    if (!target || (path.target !== undefined && target.type !== path.target)) return never;
    if (wanted.type !== undefined && wanted.type !== target.type) return never;
    return (wanted.id !== undefined ? wanted.id === target.id : wanted.url === target.url) ? always : never;
  });
}

function bound(
  node: ReferenceBinding | LinkedBinding,
  wanted: ReferenceValue,
  path: SearchPath,
  setting: SearchSetting,
): Bracket {
  if (path.target !== undefined && node.type !== path.target) return never;
  if (wanted.id === undefined || (wanted.type !== undefined && wanted.type !== node.type)) return never;
  return node.node === 'linked' ? linkedTo(node, wanted.id, setting) : refersTo(node, wanted.id, setting);
}

/** R4 search.html#uri: exact. A canonical may carry a version that the search does not name. */
export function uri(node: Node, wanted: UriValue, path: SearchPath, setting: SearchSetting): Bracket {
  const same = leaf(node, { test: 'equals', text: wanted.uri }, setting);
  return path.type === 'canonical' ? or(same, unknown) : same;
}
