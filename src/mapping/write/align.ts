import type { Row } from '../../source/row.js';
import type { WriteNode } from './node.js';

/** What does not fit at all. */
const none = Number.NEGATIVE_INFINITY;
/** A constant that is the same counts more than any value that the row has already, and that more than an element too many. */
const weights = { constant: 1000, held: 10, unknown: -1 };

/**
 * Which slot each element of a list belongs to, by its constants and never by its place: the one with which it has most in common,
 * what the row holds already among it; of equals, the first. Undefined: none is left that it does not contradict.
 */
export function aligned(
  slots: readonly WriteNode[],
  elements: readonly unknown[],
  previous: Row | undefined,
): readonly (number | undefined)[] {
  if (slots.length === 1 && elements.length === 1) return [0];
  const pairs = elements.flatMap((element, at) =>
    slots.map((slot, to) => ({ at, to, score: affinity(slot, element, previous) })),
  );
  const found: (number | undefined)[] = elements.map(() => undefined);
  const taken = new Set<number>();
  // Sorting is stable: of equal pairs the first element, and for it the first slot.
  for (const { at, to } of pairs.filter(({ score }) => score !== none).sort((a, b) => b.score - a.score)) {
    if (found[at] !== undefined || taken.has(to)) continue;
    found[at] = to;
    taken.add(to);
  }
  return found;
}

function affinity(node: WriteNode, value: unknown, previous: Row | undefined): number {
  switch (node.kind) {
    case 'constant':
      return value === node.value ? weights.constant : none;
    case 'sometimes':
      return affinity(node.to, value, previous);
    case 'leaf': {
      const { kept, agrees } = node.leaf;
      return kept && previous && kept.open(previous) && agrees(value, kept.now(previous)) ? weights.held : 0;
    }
    case 'list':
      if (!Array.isArray(value)) return none;
      return value
        .map((element) =>
          Math.max(none, ...node.slots.map((slot) => affinity(slot, element, previous)), node.rest ? 0 : none),
        )
        .reduce((sum, score) => sum + score, 0);
    case 'element':
      if (typeof value !== 'object' || value === null) return none;
      return Object.entries(value)
        .map(([name, child]) => {
          const field = node.fields.get(name);
          return field ? affinity(field, child, previous) : weights.unknown;
        })
        .reduce((sum, score) => sum + score, 0);
  }
}
