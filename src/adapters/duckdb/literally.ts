import type { Leaf } from '../../source/selection.js';

/** A text that stands in a document as it is, unless something there is escaped: no JSON escape, and no way of writing a number. */
const plain = /^(?![-+.\deE]*$)[^"\\\p{Cc}]+$/u;

/** The texts of which one must stand in a document that satisfies the leaf; undefined when that cannot be said. */
export function written(leaf: Leaf): { readonly texts: readonly string[]; readonly folded: boolean } | undefined {
  const { as } = leaf.of;
  if (as !== 'text' && as !== 'fold') return undefined;
  const values = valuesOf(leaf);
  if (!values || values.length === 0 || values.length > 3) return undefined;
  const texts = values.filter((value): value is string => typeof value === 'string' && plain.test(value));
  return texts.length === values.length ? { texts, folded: as === 'fold' } : undefined;
}

function valuesOf(leaf: Leaf): readonly unknown[] | undefined {
  switch (leaf.op) {
    case 'compare':
      return leaf.test === 'eq' ? [leaf.value] : undefined;
    case 'in':
      return leaf.values;
    case 'prefix':
    case 'contains':
      return [leaf.value];
    case 'present':
      return undefined;
  }
}

/**
 * A quick question to the text of a document, true of every one that the leaf is true of: it spares reading the others. A document
 * with an escape may hold any text; where case and accents do not count, so may one with a character beyond ASCII.
 */
export function literally(json: string, leaf: Leaf, bind: (value: string) => string): string | undefined {
  const found = written(leaf);
  if (!found) return undefined;
  const { texts, folded } = found;
  const text = folded ? `lower(${json})` : json;
  const any = texts.map((one) => `contains(${text}, ${bind(one)})`);
  if (folded) any.push(`strlen(${json}) <> length(${json})`);
  return `(${any.join(' OR ')} OR contains(${json}, '\\'))`;
}
