import type { Caller } from '../access/caller.js';
import { permitWrite } from '../access/restrict.js';
import { Fault } from '../errors/fault.js';
import type { FhirRequest, FhirResponse } from './fhir-request.js';
import type { Dependencies } from './interaction.js';
import { matching, tooMany } from './matching.js';
import { versionAsked } from './precondition.js';
import { refuseReferred } from './referring.js';
import { RequestOptions } from './request-options.js';
import { writtenAnswer } from './written-answer.js';

/** FHIR delete, and conditional delete of one. https://hl7.org/fhir/R4/http.html#delete, #3.1.0.7.1 */
export async function remove(request: FhirRequest, caller: Caller, dependencies: Dependencies): Promise<FhirResponse> {
  const { type, id, parameters } = request;
  permitWrite(type, caller);
  if (id !== '') return removeOne(request, id, caller, dependencies);
  return dependencies.turns.take(type, request.signal, async () => {
    const [match, another] = await matching(type, parameters, request, caller, dependencies);
    if (another) throw tooMany(type);
    return match ? removeOne(request, match.id!, caller, dependencies) : { status: 204 };
  });
}

async function removeOne(
  request: FhirRequest,
  id: string,
  caller: Caller,
  dependencies: Dependencies,
): Promise<FhirResponse> {
  const { engine, baseUrl, now } = dependencies;
  const { type, conditions } = request;
  const version = versionAsked(conditions);
  const permitted = permitWrite(type, caller);
  await refuseReferred(permitted, id, request, dependencies);
  const change = { kind: 'delete', permitted, id, ...(version !== undefined && { version }) } as const;
  try {
    const [written] = await engine.write([change], new RequestOptions(request, now()));
    return writtenAnswer(written!, request, baseUrl);
  } catch (error) {
    // What never was is as good as deleted.
    if (error instanceof Fault && error.code === 'not-found') return { status: 204 };
    throw error;
  }
}
