import type { SearchPath } from '../../fhir/search-path.js';
import type { NumberValue, QuantityValue } from '../../query/query.js';
import { always, and, type Bracket, never, not, or, unknown } from '../bracket.js';
import { child, leaf, type SearchSetting } from '../leaf.js';
import { kindOf, type Node } from '../template.js';

const integers = new Set(['integer', 'positiveInt', 'unsignedInt']);
const quantities = new Set(['Quantity', 'Age', 'Duration', 'Count', 'Distance']);

/** R4 search.html#number. */
export function number(node: Node, wanted: NumberValue, path: SearchPath, setting: SearchSetting): Bracket {
  if (path.type === 'Range') return unknown;
  return integers.has(path.type) || path.type === 'decimal'
    ? compared(node, wanted, integers.has(path.type), setting)
    : never;
}

/** R4 search.html#quantity: a system asks for the coded unit, a unit alone for code or unit. */
export function quantity(node: Node, wanted: QuantityValue, path: SearchPath, setting: SearchSetting): Bracket {
  if (path.type === 'Range') return unknown;
  if (path.type !== 'Money' && !quantities.has(path.type)) return never;
  if (kindOf(node) !== 'element' || child(node, 'comparator') !== undefined) return unknown;
  const unit = path.type === 'Money' ? currency(node, wanted, setting) : coded(node, wanted, setting);
  return and(unit, compared(child(node, 'value'), wanted, false, setting));
}

function coded(node: Node, { system, code }: QuantityValue, setting: SearchSetting): Bracket {
  const inSystem =
    system === undefined ? always : leaf(child(node, 'system'), { test: 'equals', text: system }, setting);
  if (code === undefined) return inSystem;
  const byCode = leaf(child(node, 'code'), { test: 'equals', text: code }, setting);
  return system === undefined
    ? or(byCode, leaf(child(node, 'unit'), { test: 'equals', text: code }, setting))
    : and(inSystem, byCode);
}

/** The implicit system of a currency is ISO 4217 (R4 search.html#quantity). */
function currency(node: Node, { system, code }: QuantityValue, setting: SearchSetting): Bracket {
  if (system !== undefined && system !== 'urn:iso:std:iso:4217') return never;
  return code === undefined ? always : leaf(child(node, 'currency'), { test: 'equals', text: code }, setting);
}

/** Implicit precision counts for `eq`, `ne` and `ap`; the other prefixes compare the exact value. */
function compared(
  node: Node | undefined,
  { prefix, value, low, high }: Omit<NumberValue, 'kind'>,
  integer: boolean,
  setting: SearchSetting,
): Bracket {
  const ask = (than: 'eq' | 'lt' | 'le' | 'gt' | 'ge', to: string) =>
    leaf(node, { test: 'number', than, value: to }, setting);
  const within = integer ? ask('eq', value) : and(ask('ge', low), ask('lt', high));
  switch (prefix) {
    case 'eq':
      return within;
    case 'ne':
      return and(leaf(node, { test: 'present' }, setting), not(within));
    case 'ap':
      return and(ask('ge', low), ask('lt', high));
    case 'gt':
    case 'sa':
      return ask('gt', value);
    case 'lt':
    case 'eb':
      return ask('lt', value);
    case 'ge':
      return ask('ge', value);
    case 'le':
      return ask('le', value);
  }
}
