import type { Resource } from '@medplum/fhirtypes';
import type { Caller } from '../access/caller.js';
import { redact } from '../access/redact.js';
import { Fault } from '../errors/fault.js';
import { isExact } from '../mapping/bracket.js';
import type { CompiledMapping } from '../mapping/compile.js';
import type { Call } from '../source/adapter.js';
import type { GuardedSource } from './guarded-source.js';
import { companionsOf } from './write/companions.js';

/** Of one mapping, so many rows are looked at; where a source can only be asked for more than those that refer, so many have to do. */
const mostRows = 2_000;
const named = 5;

/**
 * The resources that refer to one and do not go with it, of each mapping a few: `Encounter/s.1`. Of those that the caller may not see it is only said that there
 * are some.
 * @throws {Fault} that of a source which does not answer: it may hold some; `too-costly`
 */
export async function referring(
  type: string,
  id: string,
  caller: Caller,
  mappings: readonly CompiledMapping[],
  sources: ReadonlyMap<string, GuardedSource>,
  call: Call,
): Promise<readonly string[]> {
  const going = new Set(companionsOf(mappings, type, id));
  const found = await Promise.all(
    mappings.map(async (mapping) => {
      const bracket = mapping.pointsTo(type, id);
      if (bracket.hi.op === 'false') return [];
      const { relation, output, exists, keyOrder: order } = mapping;
      const source = sources.get(mapping.source)!;
      const asked = { relation, output, order, limit: mostRows };
      const { scan, exact } = source.adapter.narrow(asked, [exists, bracket.hi]);
      const { rows } = await source.rows(scan, call);
      const others = rows
        .flatMap((row) => mapping.read(row, () => {}) ?? [])
        .filter((one) => refersTo(one, `${type}/${id}`) && !going.has(`${one.resourceType}/${one.id}`));
      const whole = rows.length < mostRows || (isExact(bracket) && exact.every(Boolean));
      if (others.length === 0 && !whole)
        throw new Fault(
          'too-costly',
          `Whether a ${mapping.type} of source ${source.name} refers to it cannot be told.`,
          {
            source: source.name,
          },
        );
      return others.slice(0, named);
    }),
  );
  return found
    .flat()
    .map((one) => (redact(one, caller) ? `${one.resourceType}/${one.id}` : 'a resource that you may not see'));
}

function refersTo(resource: Resource, reference: string): boolean {
  const holds = (value: unknown): boolean =>
    typeof value === 'object' &&
    value !== null &&
    ((value as { readonly reference?: unknown }).reference === reference || Object.values(value).some(holds));
  return holds(resource);
}
