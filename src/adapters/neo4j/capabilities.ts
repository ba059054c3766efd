import type { Capabilities } from '../../source/adapter.js';
import { comparand } from '../../source/compare.js';
import { exactBut } from '../../source/exact.js';
import type { Comparand, Expression } from '../../source/expression.js';
import type { Leaf } from '../../source/selection.js';
import { numberOfText } from './number.js';

/**
 * Cypher says these as source/evaluate.ts means them. It cannot fold a text, nor cut one, nor compare decimals of many digits;
 * how it writes a Float, and in which order it finds texts beyond U+D7FF, differs from plan to plan.
 */
export const capabilities: Capabilities = {
  exact: exactBut((leaf) => !exactLeaf(leaf)),
  orders: ({ as, part }) =>
    !part && (as === 'raw' || as === 'date' || as === 'dateTime' || as === 'instant' || as === 'boolean'),
  indexOn: ({ as }, name) => (as === 'fold' || as === 'boolean' ? undefined : name),
  count: true,
  maxIn: 10_000,
};

/** Is the leaf said exactly, rather than by rows that hold its own? */
export function exactLeaf(leaf: Leaf): boolean {
  const { of } = leaf;
  if (of.part) return false;
  switch (leaf.op) {
    case 'present':
      return true;
    case 'compare':
      return exactTest(of, leaf.test === 'eq', comparand(of.as, leaf.value));
    case 'in':
      return (
        leaf.values.length <= capabilities.maxIn &&
        leaf.values.every((value) => exactTest(of, true, comparand(of.as, value)))
      );
    case 'prefix':
    case 'contains':
      return neverText(of) || (of.as !== 'text' && of.as !== 'fold' && wellFormed(leaf.value));
  }
}

function exactTest({ as }: Expression, equality: boolean, value: Comparand): boolean {
  if (value === null) return true;
  switch (as) {
    case 'raw':
      return typeof value !== 'string' || (wellFormed(value) && (equality || isLow(value)));
    case 'text':
      return equality && wellFormed(value as string) && Math.abs(numberOfText(value as string) ?? 0) < 2 ** 53;
    case 'date':
    case 'dateTime':
    case 'instant':
      return wellFormed(value as string);
    case 'integer':
      return -(2n ** 53n) < (value as bigint) && (value as bigint) < 2n ** 53n;
    case 'boolean':
      return true;
    case 'fold':
    case 'decimal':
      return false;
  }
}

/** Values of these are no texts: none begins with, or contains, one. */
export function neverText({ as }: Expression): boolean {
  return as === 'integer' || as === 'decimal' || as === 'boolean';
}

/** Half a character cannot be sent. */
export function wellFormed(text: string): boolean {
  return !/\p{Surrogate}/u.test(text);
}

/** Text orders of UTF-16 units and of code points agree with any text on one that has no unit from U+D800 on. */
export function isLow(text: string): boolean {
  return !/[\ud800-\uffff]/.test(text);
}
