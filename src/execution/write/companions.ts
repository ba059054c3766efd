import type { CompiledMapping } from '../../mapping/compile.js';

/**
 * Does a mapping tell nothing that the row itself holds, beside its key? Its resource cannot be deleted, for there is nothing to
 * empty: it goes with the row.
 */
export function goesWithRow({ writer }: CompiledMapping): boolean {
  return writer !== undefined && writer.owns.length === 0 && (writer.shared ?? []).length === 0 && !writer.delete;
}

/** What goes with the row of a resource when that is deleted, as `CareTeam/ward.1`. */
export function companionsOf(mappings: readonly CompiledMapping[], type: string, id: string): readonly string[] {
  return mappings
    .filter((mapping) => mapping.type === type && mapping.writer?.delete === 'row')
    .flatMap((mapping) =>
      mappings
        .filter((other) => other.source === mapping.source && sharesRow(mapping, other) && goesWithRow(other))
        .flatMap((other) =>
          mapping.keysOf(id).flatMap((key) => {
            const name = other.idOf(key.map(String));
            return name === undefined ? [] : [`${other.type}/${name}`];
          }),
        ),
    );
}

/** Are the resources of two mappings made from the same rows? */
export function sharesRow(one: CompiledMapping, other: CompiledMapping): boolean {
  return (
    other !== one &&
    one.relation.kind === 'table' &&
    other.relation.kind === 'table' &&
    other.relation.name === one.relation.name &&
    !other.relation.unwind &&
    String(other.relation.key) === String(one.relation.key)
  );
}
