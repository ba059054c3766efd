import { Fault } from '../../errors/fault.js';
import type { CompiledMapping } from '../compile.js';

/**
 * Each column is written through one mapping: else two resources would say different things of one cell, and a write of the one
 * change the other.
 * @throws {Fault} `mapping`
 */
export function refuseSharedColumns(mappings: readonly CompiledMapping[]): void {
  const owners = new Map<string, string>();
  for (const { name, relation, writer } of mappings) {
    if (!writer || !(writer.create || writer.update || writer.delete)) continue;
    for (const column of writer.owns.filter((one) => !writer.together?.includes(one))) {
      const id = JSON.stringify([relation.name, relation.kind === 'table' ? relation.columns[column]!.path : column]);
      const owner = owners.get(id);
      if (owner !== undefined)
        throw new Fault(
          'mapping',
          `Mappings ${owner} and ${name} both write ${column} of ${relation.name}: one of them has to name it in write.shared, or in write.together where both tell of one fact.`,
        );
      owners.set(id, name);
    }
  }
}
