import { Fault } from '../errors/fault.js';
import { isOfOneRow } from '../source/selection.js';
import type { CompiledMapping } from './compile.js';

/**
 * Rows without a key are joined with none: what they are told apart by is not in the database.
 * @throws {Fault} `mapping`
 */
export function refuseJoinsWithoutKey(mappings: readonly CompiledMapping[]): void {
  for (const { name, relation, output, exists } of mappings) {
    const keyless = relation.kind === 'table' && relation.numbered === true;
    const joined = output.flatMap((one) => (one.kind === 'column' ? [] : [one.relation]));
    const other = joined.find((one) => one.numbered);
    if ((keyless && (joined.length > 0 || !isOfOneRow(exists))) || other)
      throw new Fault(
        'mapping',
        `Mapping ${name}: ${(other ?? relation).name} has no key, so that its rows cannot be joined.`,
      );
  }
}
