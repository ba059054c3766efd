import type { SearchPath } from '../../fhir/search-path.js';
import type { StringValue } from '../../query/query.js';
import { stringParts } from '../../query/string-test.js';
import { fold } from '../../source/fold.js';
import { type Bracket, never, or, unknown } from '../bracket.js';
import type { ValueTest } from '../codec.js';
import { child, leaf, type SearchSetting } from '../leaf.js';
import { kindOf, type Node } from '../template.js';

/** R4 search.html#string, on a text or on any part of a HumanName or Address. */
export function string(
  node: Node,
  wanted: StringValue,
  modifier: string | undefined,
  path: SearchPath,
  setting: SearchSetting,
): Bracket {
  const parts = stringParts(path.type);
  if (!parts) return never;
  const test: ValueTest =
    modifier === 'exact'
      ? { test: 'equals', text: wanted.text }
      : { test: modifier === 'contains' ? 'contains' : 'prefix', folded: fold(wanted.text) };
  if (parts.length === 0) return leaf(node, test, setting);
  return kindOf(node) === 'element' ? or(...parts.map((part) => leaf(child(node, part), test, setting))) : unknown;
}
