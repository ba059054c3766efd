import type { PermittedWrite } from '../access/restrict.js';
import { Fault } from '../errors/fault.js';
import type { FhirRequest } from './fhir-request.js';
import type { Dependencies } from './interaction.js';
import { RequestOptions } from './request-options.js';

/**
 * Refuses to delete what others refer to, in whatever source they are; one that does not answer may hold some, and then it fails.
 * `except`: what goes with it.
 * @throws {Fault} `referenced`, which lists them; that of a source which does not answer
 */
export async function refuseReferred(
  permitted: PermittedWrite,
  id: string,
  request: FhirRequest,
  { engine, now }: Dependencies,
  except: ReadonlySet<string> = new Set(),
): Promise<void> {
  const others = new Set(await engine.referring(permitted, id, new RequestOptions(request, now())));
  for (const one of [`${permitted.type}/${id}`, ...except]) others.delete(one);
  if (others.size === 0) return;
  throw new Fault('referenced', `${[...others].join(', ')} refer to it: delete or change these first.`);
}
