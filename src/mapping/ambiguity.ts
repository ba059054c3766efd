import { Fault } from '../errors/fault.js';
import type { Mapping } from './define.js';
import { partCount } from './id-scheme.js';

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
  const [one, other] = [a.definition.id, b.definition.id];
  // A stored id leads to the relation that it is of.
  if (one.stored && other.stored && one.relation.name !== other.relation.name) return false;
  const [x, y] = [one.facet, other.facet];
  return partCount(one) === partCount(other) && (x === undefined || y === undefined || x === y);
}
