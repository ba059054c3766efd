import type { Caller } from '../access/caller.js';
import { Fault } from '../errors/fault.js';
import type { FhirRequest, FhirResponse, ResourceAnswer } from './fhir-request.js';
import type { Dependencies } from './interaction.js';
import { read } from './read.js';

/** FHIR vread: sources keep the current version, which is the one that can be read. https://hl7.org/fhir/R4/http.html#vread */
export async function vread(request: FhirRequest, caller: Caller, dependencies: Dependencies): Promise<FhirResponse> {
  const answer = (await read(request, caller, dependencies)) as ResourceAnswer;
  if (answer.version === request.version) return answer;
  throw new Fault(
    'not-found',
    `${request.type}/${request.id} has no version of that name now: history is not supported, only the current version is known.`,
  );
}
