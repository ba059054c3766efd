import { dateRange } from '../fhir/date-range.js';
import { prefixes } from '../query/date-test.js';
import { compareDecimal } from '../source/decimal.js';
import type { Expression } from '../source/expression.js';
import type { Cell } from '../source/row.js';
import { and as all, FALSE, type Selection, TRUE } from '../source/selection.js';
import { always, and, type Bracket, exactly, never, or, unknown } from './bracket.js';
import type { Codec, ValueTest } from './codec.js';
import { passes as passesText } from './codecs/text.js';
import { type IdScheme, type IdSetting, partsOf } from './id-scheme.js';
import {
  type Binding,
  type CodecSetting,
  constantOnly,
  type Each,
  kindOf,
  type LinkedBinding,
  type Node,
  type ReferenceBinding,
  type When,
} from './template.js';

/** What a mapping's template is asked with: its source's name and late-bound codecs. */
export interface SearchSetting extends CodecSetting {
  readonly baseUrl: string;
}

type Elements = { readonly [element: string]: Node | undefined };

export function codecOf(binding: Binding<unknown>, setting: CodecSetting): Codec<unknown> {
  return 'late' in binding.codec ? binding.codec.late(setting) : binding.codec;
}

/** The slots of an element: those of a list, or the one. `visit` sees no list, no condition and no related rows; they are put around. */
export function within(node: Node | undefined, visit: (node: Node) => Bracket): Bracket {
  if (node === undefined) return never;
  switch (kindOf(node)) {
    case 'array':
      return or(...(node as readonly Node[]).map((slot) => within(slot, visit)));
    case 'when': {
      const { where, to } = node as When<Node>;
      return and(exactly(where), within(to, visit));
    }
    case 'each': {
      const { relation, on, to } = node as Each<unknown>;
      const inside = within(to as Node, visit);
      const there = (where: Selection): Selection =>
        where.op === 'false' ? FALSE : { op: 'exists', relation, on, where };
      return inside.lo === inside.hi ? exactly(there(inside.hi)) : { lo: there(inside.lo), hi: there(inside.hi) };
    }
    default:
      return visit(node);
  }
}

/** As `within`, below an element: a slot that is not there for a row holds nothing, its constants neither. */
export function slots(node: Node | undefined, setting: SearchSetting, visit: (slot: Node) => Bracket): Bracket {
  return within(node, (slot) => {
    const found = visit(slot);
    const certain = kindOf(slot) !== 'element' || !(holdsOfNothing(found.lo) || holdsOfNothing(found.hi));
    return certain ? found : and(found, alive(slot, setting));
  });
}

/** Would a row with nothing in it be selected? If not, then what is selected has a value in the slot. */
function holdsOfNothing(selection: Selection): boolean {
  switch (selection.op) {
    case 'true':
      return true;
    case 'and':
      return selection.of.every(holdsOfNothing);
    case 'or':
      return selection.of.some(holdsOfNothing);
    case 'not':
      return !holdsOfNothing(selection.of);
    default:
      return false;
  }
}

export function child(node: Node, name: string): Node | undefined {
  return kindOf(node) === 'element' ? (node as Elements)[name] : undefined;
}

/** Does a primitive element pass a test? */
export function leaf(node: Node | undefined, test: ValueTest, setting: SearchSetting): Bracket {
  return within(node, (slot) => {
    const kind = kindOf(slot);
    if (kind === 'constant') return passes(slot as string | number | boolean, test) ? always : never;
    if (kind === 'binding') {
      const binding = slot as Binding<unknown>;
      return codecOf(binding, setting).preimage(test, binding.of);
    }
    if (kind === 'linked') return test.test === 'present' ? aliveLinked(slot as LinkedBinding) : unknown;
    return kind === 'reference' ? reference(slot as ReferenceBinding, test, setting) : unknown;
  });
}

/** The existence rule: an element is there when a binding below it yields a value, or when it holds constants only. */
export function alive(node: Node | undefined, setting: SearchSetting): Bracket {
  return within(node, (slot) => {
    switch (kindOf(slot)) {
      case 'constant':
        return always;
      case 'binding':
        return leaf(slot, { test: 'present' }, setting);
      case 'reference':
        return aliveReference(slot as ReferenceBinding, setting);
      case 'linked':
        return aliveLinked(slot as LinkedBinding);
      default: {
        const children = Object.values(slot as Elements).filter((c): c is Node => c !== undefined);
        const bound = children.filter((c) => !constantOnly(c));
        return bound.length === 0 ? always : or(...bound.map((c) => alive(c, setting)));
      }
    }
  });
}

/** A key too long for an id makes no reference, so a present key is only a superset. */
function aliveReference({ key, exists, holds }: ReferenceBinding, setting: SearchSetting): Bracket {
  const there = key.map((of): Selection => ({ op: 'present', of }));
  const hi = all(
    ...there,
    ...(exists ? [{ op: 'exists', relation: exists.relation, on: exists.on, where: TRUE } as const] : []),
  );
  const found = hi.op === 'true' ? always : { lo: FALSE, hi };
  return holds ? and(found, leaf(holds, { test: 'present' }, setting)) : found;
}

/** A literal reference as a text: `type/id`. */
function reference(node: ReferenceBinding, test: ValueTest, setting: SearchSetting): Bracket {
  if (test.test === 'present') return aliveReference(node, setting);
  if (test.test !== 'equals') return unknown;
  const [type, id = '', ...more] = test.text.split('/');
  return type === node.type && more.length === 0 ? refersTo(node, id, setting) : never;
}

/** Only a key can be linked; which are, no source knows. */
function aliveLinked({ of }: LinkedBinding): Bracket {
  return { lo: FALSE, hi: { op: 'present', of } };
}

/** A key that is linked with `type/id`, so that it is what the row refers to. */
export function linkedTo({ type, space, of }: LinkedBinding, id: string, { links }: SearchSetting): Bracket {
  const keys = links?.keysFor(type, space, id) ?? [];
  return keys.length === 0 ? never : exactly({ op: 'in', of, values: keys });
}

/** A literal reference to `type/id`. */
export function refersTo(node: ReferenceBinding, id: string, setting: SearchSetting): Bracket {
  const key = keyCells(node.target, id, setting);
  if (!key) return never;
  const same = node.key.map((of, i) => keyEquals(of, key[i]!));
  const found = exactly(
    all(
      ...same,
      ...(node.exists
        ? [{ op: 'exists', relation: node.exists.relation, on: node.exists.on, where: TRUE } as const]
        : []),
    ),
  );
  return node.holds ? and(found, leaf(node.holds, { test: 'present' }, setting)) : found;
}

/**
 * The cells that an id may name in each key column, in the column's own type first; undefined when it is not one of this
 * scheme's. A whole number may be stored as text (a CSV), and text of one as a number (a typeless store, JSON).
 */
export function keyCells(
  scheme: IdScheme,
  id: string,
  setting: IdSetting,
): readonly (readonly KeyCell[])[] | undefined {
  return partsOf(scheme, id, setting)?.map((part, i) => {
    if (!/^(0|-?[1-9]\d{0,18})$/.test(part)) return [part];
    const whole = BigInt(part);
    // No source holds a number of more than 64 bits, and none can be asked for one.
    if (BigInt.asIntN(64, whole) !== whole) return [part];
    const number = Number.isSafeInteger(Number(whole)) ? Number(whole) : whole;
    return scheme.integers.includes(scheme.relation.key[i]!) ? [number, part] : [part, number];
  });
}

export type KeyCell = Exclude<Cell, object>;

export function keyEquals(of: Expression, cells: readonly KeyCell[]): Selection {
  const [first] = cells;
  if (of.as === 'text') return { op: 'compare', of, test: 'eq', value: String(first) };
  return cells.length === 1 ? { op: 'compare', of, test: 'eq', value: first! } : { op: 'in', of, values: cells };
}

/** The same tests on a constant of the template. */
function passes(constant: string | number | boolean, test: ValueTest): boolean {
  const text = String(constant);
  switch (test.test) {
    case 'number':
      return typeof constant === 'number' && ordered(compareDecimal(text, test.value), test.than);
    case 'range': {
      const range = typeof constant === 'string' ? dateRange(constant) : undefined;
      return range !== undefined && prefixes[test.prefix](test, range);
    }
    case 'low':
    case 'high': {
      const range = typeof constant === 'string' ? dateRange(constant) : undefined;
      return range !== undefined && ordered(range[test.test] - test.at, test.than);
    }
    default:
      return passesText(text, test);
  }
}

function ordered(order: number, than: 'eq' | 'lt' | 'le' | 'gt' | 'ge'): boolean {
  switch (than) {
    case 'eq':
      return order === 0;
    case 'lt':
      return order < 0;
    case 'le':
      return order <= 0;
    case 'gt':
      return order > 0;
    case 'ge':
      return order >= 0;
  }
}
