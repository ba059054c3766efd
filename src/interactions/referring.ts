import type { Caller } from '../access/caller.js';
import { Fault } from '../errors/fault.js';
import type { FhirRequest } from './fhir-request.js';
import type { Dependencies } from './interaction.js';
import { matching } from './matching.js';

/**
 * `except`: what goes with it. Refuses to delete what others refer to, in whatever source they are; one that does not answer may hold some, and then it fails.
 * @throws {Fault} `referenced`, which lists them; what a strict search throws
 */
export async function refuseReferred(
  type: string,
  id: string,
  request: FhirRequest,
  caller: Caller,
  dependencies: Dependencies,
  except: ReadonlySet<string> = new Set(),
): Promise<void> {
  const { engine } = dependencies;
  const asked = [...engine.types.values()].flatMap(({ type: from, targets }) =>
    [...targets].flatMap(([code, types]) => (types.includes(type) ? [{ from, code }] : [])),
  );
  const found = await Promise.all(
    asked.map(({ from, code }) => matching(from, [[code, `${type}/${id}`]], request, caller, dependencies)),
  );
  const others = new Set(found.flat().map((one) => `${one.resourceType}/${one.id}`));
  for (const one of [`${type}/${id}`, ...except]) others.delete(one);
  if (others.size === 0) return;
  throw new Fault('referenced', `${[...others].join(', ')} refer to it: delete or change these first.`);
}
