import { unknown } from '../mapping/bracket.js';
import { TRUE } from '../source/selection.js';
import type { PlannedSource } from './stream.js';

/** The source as one that can only hand over all its rows: nothing is selected, ordered, limited or left out by it. */
export function withoutPushdown({ name, mappings }: PlannedSource): PlannedSource {
  return {
    name,
    narrow: ({ relation, output }, conjuncts) => ({
      scan: { relation, output, where: TRUE, order: [] },
      exact: conjuncts.map(() => false),
      orderGuaranteed: false,
      limitGuaranteed: false,
    }),
    mappings: mappings.map((mapping) => ({
      ...mapping,
      condition: () => unknown,
      references: () => unknown,
      order: () => undefined,
    })),
  };
}
