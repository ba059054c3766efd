import { parseReference } from '../../fhir/reference.js';
import type { SearchParameter } from '../../fhir/search-parameters.js';
import { type SearchPath, searchPaths } from '../../fhir/search-path.js';
import { type Bracket, never, or, unknown } from '../bracket.js';
import { child, within } from '../leaf.js';
import { kindOf, type Node, type ReferenceBinding } from '../template.js';
import { atPath, type Searched } from './condition.js';

/** The rows with a literal reference, at a parameter's paths, that `choose` selects. Unknown where the template does not tell. */
export function references(
  parameter: SearchParameter,
  searched: Searched,
  choose: (reference: ReferenceBinding) => Bracket,
): Bracket {
  const paths = searchPaths(parameter, searched.type) ?? [];
  // What stands in related rows is of their columns, not of the row's own.
  if (paths.some((path) => isRelated(searched.root, path))) return unknown;
  return or(...paths.map((path) => atPath(searched, [path], (node) => literal(node, path, searched, choose))));
}

function literal(
  node: Node,
  path: SearchPath,
  { setting }: Searched,
  choose: (reference: ReferenceBinding) => Bracket,
): Bracket {
  if (path.type !== 'Reference') return never;
  if (kindOf(node) !== 'element') return unknown;
  return within(child(node, 'reference'), (one) => {
    const kind = kindOf(one);
    if (kind === 'reference') {
      const reference = one as ReferenceBinding;
      return path.target === undefined || reference.type === path.target ? choose(reference) : never;
    }
    const type = kind === 'constant' ? parseReference(String(one), setting.baseUrl)?.type : undefined;
    return type !== undefined && path.target !== undefined && type !== path.target ? never : unknown;
  });
}

function isRelated(root: Node, { steps }: SearchPath): boolean {
  let nodes: readonly Node[] = [root];
  for (const { name } of [...steps, { name: 'reference' }]) {
    const below = nodes.flatMap((node) => slots(child(node, name)));
    if (below.includes(related)) return true;
    nodes = below.filter((node): node is Node => node !== related);
  }
  return false;
}

const related = Symbol('related rows');

function slots(node: Node | undefined): readonly (Node | typeof related)[] {
  if (node === undefined) return [];
  switch (kindOf(node)) {
    case 'array':
      return (node as readonly Node[]).flatMap(slots);
    case 'when':
      return slots((node as unknown as { readonly to: Node }).to);
    case 'each':
      return [related];
    default:
      return [node];
  }
}
