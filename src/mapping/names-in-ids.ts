import { Fault } from '../errors/fault.js';
import type { StoredIds } from '../identity/stored-ids.js';
import type { Relation } from '../source/relation.js';
import type { Mapping } from './define.js';
import { isTooLong } from './id-scheme.js';
import { type Binding, endsOf, kindOf, type Node } from './template.js';

/** Types whose `name` is a HumanName. */
const persons: ReadonlySet<string> = new Set(['Patient', 'Practitioner', 'RelatedPerson', 'Person']);

/**
 * A person's name is part of no id. That a column holds one is known where a mapping serves it as the name of a person, and not
 * guessed from how it is called.
 * @throws {Fault} `mapping`
 */
export function refuseNamesInIds(mappings: readonly Mapping[]): void {
  const names = new Set(mappings.flatMap(nameColumns));
  for (const { definition } of mappings) {
    const { relation, stored } = definition.id;
    const column = stored ? undefined : relation.key.find((one) => names.has(placeOf(relation, one)));
    if (column !== undefined)
      throw new Fault(
        'mapping',
        `Mapping ${definition.name}: the key column ${column} holds the name of a person, which may be part of no id; say idStore: true of ${relation.name}.`,
      );
  }
}

/**
 * A stored id needs a store, and room for it.
 * @throws {Fault} `mapping`
 */
export function refuseUnstorable(mappings: readonly Mapping[], source: string, ids: StoredIds | undefined): void {
  for (const { definition } of mappings) {
    const { id, name } = definition;
    if (id.stored && !ids)
      throw new Fault('mapping', `Mapping ${name}: ids of ${id.relation.name} are stored, and there is no store.`);
    if (isTooLong(id, source))
      throw new Fault('mapping', `Mapping ${name}: with the facet ${id.facet} its ids are longer than R4 allows.`);
  }
}

/** The columns that a mapping of persons serves as their names. */
function nameColumns({ type, definition: { to, id } }: Mapping): readonly string[] {
  if (!persons.has(type)) return [];
  return columnsIn((to as { readonly name?: Node }).name).map((column) => placeOf(id.relation, column));
}

function columnsIn(node: Node | undefined): readonly string[] {
  return endsOf(node).flatMap((end) => (kindOf(end) === 'binding' ? [(end as Binding<unknown>).of.column] : []));
}

/** Two relations may read one table; of distinct values each of their columns is meant. */
function placeOf(relation: Relation, column: string): string {
  return `${relation.kind} ${relation.name} ${(relation.columns[column]?.path ?? [column]).join('.')}`;
}
