import type { SearchParameter } from '../fhir/search-parameters.js';
import { type SearchPath, searchPaths } from '../fhir/search-path.js';
import { stringParts } from '../query/string-test.js';
import type { Expression } from '../source/expression.js';
import { text } from './codecs/text.js';
import { child, codecOf, type SearchSetting } from './leaf.js';
import type { Searched } from './search/condition.js';
import { type Binding, kindOf, type Node } from './template.js';

/**
 * The expression that orders rows as their resources are sorted by a parameter (R4 search.html#sort): there is one when all
 * of its paths together lead to a single, unconditional column whose order is that of its values.
 */
export function orderOf(parameter: SearchParameter, { type, root, setting }: Searched): Expression | undefined {
  const paths = searchPaths(parameter, type);
  if (!paths || paths.some((path) => path.anyOf || path.target !== undefined)) return undefined;
  const leaves = paths.flatMap((path) => follow(root, path).flatMap((node) => parts(node, path.type)));
  const [only] = leaves;
  return only !== undefined && leaves.length === 1 ? expression(only, parameter, setting) : undefined;
}

/**
 * The slots at a path, those left out whose discriminator is another. What is there only for some rows, or many times for one,
 * has no one column, and stays as something that is not ordered by.
 */
function follow(root: Node, path: SearchPath): readonly Node[] {
  return path.steps.reduce<readonly Node[]>(
    (nodes, { name, where }) =>
      nodes.flatMap((node) => {
        if (kindOf(node) !== 'element') return [false];
        return slots(child(node, name)).filter(
          (slot) => !where || kindOf(slot) !== 'element' || child(slot, where.name) === where.equals,
        );
      }),
    [root],
  );
}

function slots(node: Node | undefined): readonly Node[] {
  if (node === undefined) return [];
  return kindOf(node) === 'array' ? (node as readonly Node[]) : [node];
}

/** What is compared of an element of several parts. */
const comparedParts: Readonly<Record<string, readonly string[]>> = {
  Identifier: ['value'],
  ContactPoint: ['value'],
  Period: ['start'],
  Quantity: ['value'],
  Money: ['value'],
};

function parts(node: Node, type: string): readonly Node[] {
  const names = comparedParts[type] ?? stringParts(type) ?? [];
  return names.length === 0 || kindOf(node) !== 'element' ? [node] : names.flatMap((name) => slots(child(node, name)));
}

/** Tokens and uris order as they are, strings without case and accents. */
function expression(node: Node, parameter: SearchParameter, setting: SearchSetting): Expression | undefined {
  if (kindOf(node) !== 'binding') return undefined;
  const binding = node as Binding<unknown>;
  const codec = codecOf(binding, setting);
  if (codec !== text || parameter.type === 'string') return codec.order(binding.of);
  return parameter.type === 'token' || parameter.type === 'uri' ? binding.of : undefined;
}
