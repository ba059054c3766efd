import type { Leaf } from '../../../source/selection.js';

/** A leaf without texts that no cell can hold (`impossible`): nothing is equal to them, and what is less is so of the part before NUL. Undefined: no row passes. */
export function possibleLeaf(leaf: Leaf, impossible: (text: string) => boolean): Leaf | undefined {
  const cannot = (value: unknown): value is string => typeof value === 'string' && impossible(value);
  switch (leaf.op) {
    case 'present':
      return leaf;
    case 'in':
      return leaf.values.some(cannot) ? { ...leaf, values: leaf.values.filter((value) => !cannot(value)) } : leaf;
    case 'compare':
      if (!cannot(leaf.value)) return leaf;
      if (leaf.test === 'eq') return undefined;
      return {
        ...leaf,
        test: leaf.test === 'lt' || leaf.test === 'le' ? 'le' : 'gt',
        value: possibleHead(leaf.value),
      };
    default:
      return cannot(leaf.value) ? undefined : leaf;
  }
}

/** NUL, or half of a surrogate pair. */
const unwritten = /\0|[\ud800-\udbff](?![\udc00-\udfff])|(?<![\ud800-\udbff])[\udc00-\udfff]/;

export function isUnwritten(text: string): boolean {
  return unwritten.test(text);
}

/** The text up to what cannot be written. */
export function possibleHead(text: string): string {
  const at = text.search(unwritten);
  return at < 0 ? text : text.slice(0, at);
}
