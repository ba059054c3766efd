import { Fault } from '../errors/fault.js';
import type { Mapping } from './define.js';

/** An id must lead to one mapping: of one type, the number of its parts and its facet tell (identity/resource-id.ts). */
export function refuseAmbiguity(mappings: readonly Mapping[]): void {
  for (const [i, a] of mappings.entries()) {
    const { facet } = a.definition.id;
    if (facet !== undefined && (!/^[A-Za-z0-9-]+$/.test(facet) || facet.startsWith('-x'))) {
      throw new Fault(
        'mapping',
        `Mapping ${a.definition.name}: facet ${facet} holds other than letters, digits and hyphens.`,
      );
    }
    for (const b of mappings.slice(0, i)) {
      if (a.type === b.type && mayMakeOneId(a, b)) {
        throw new Fault(
          'mapping',
          `Mappings ${b.definition.name} and ${a.definition.name} of ${a.type} could make the same id; give one a facet.`,
        );
      }
    }
  }
}

function mayMakeOneId(a: Mapping, b: Mapping): boolean {
  const parts = ({ definition: { id } }: Mapping) => id.relation.key.length + (id.facet === undefined ? 0 : 1);
  const [x, y] = [a.definition.id.facet, b.definition.id.facet];
  return parts(a) === parts(b) && (x === undefined || y === undefined || x === y);
}
