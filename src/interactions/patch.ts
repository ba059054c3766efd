import type { Resource } from '@medplum/fhirtypes';
import type { Caller } from '../access/caller.js';
import { permitWrite } from '../access/restrict.js';
import { Fault } from '../errors/fault.js';
import type { ResourceChange } from '../execution/engine.js';
import { applyFhirPathPatch } from '../patch/fhirpath-patch.js';
import { applyJsonPatch } from '../patch/json-patch.js';
import { patchOfEntry } from '../patch/patch-of-entry.js';
import type { Body, FhirRequest, FhirResponse } from './fhir-request.js';
import type { Dependencies } from './interaction.js';
import { matching, tooMany } from './matching.js';
import { versionAsked } from './precondition.js';
import { RequestOptions } from './request-options.js';
import { writtenAnswer } from './written-answer.js';

/** FHIR patch, and conditional patch, by JSON Patch or FHIRPath Patch. https://hl7.org/fhir/R4/http.html#patch */
export async function patch(request: FhirRequest, caller: Caller, dependencies: Dependencies): Promise<FhirResponse> {
  const { type, id, parameters } = request;
  permitWrite(type, caller);
  if (id !== '') return patchOne(request, id, caller, dependencies);
  return dependencies.turns.take(type, request.signal, async () => {
    const [match, another] = await matching(type, parameters, request, caller, dependencies);
    if (another) throw tooMany(type);
    if (!match) throw new Fault('not-found', `No ${type} meets the criteria.`);
    return patchOne(request, match.id!, caller, dependencies);
  });
}

async function patchOne(
  request: FhirRequest,
  id: string,
  caller: Caller,
  { engine, baseUrl, now, refuseInvalid }: Dependencies,
): Promise<FhirResponse> {
  const { type, body, conditions } = request;
  const version = versionAsked(conditions);
  const apply = patchOf(body!);
  const change: ResourceChange = {
    kind: 'update',
    permitted: permitWrite(type, caller),
    id,
    existing: true,
    resource: (current) => {
      const patched = apply(current!);
      refuseInvalid(patched);
      return patched;
    },
    ...(version !== undefined && { version }),
  };
  const [written] = await engine.write([change], new RequestOptions(request, now()));
  return writtenAnswer(written!, request, baseUrl);
}

function patchOf({ form, json }: Body): (resource: Resource) => Resource {
  if (form === 'entry') return patchOfEntry(json as Resource, 'resource');
  return (resource) => (form === 'json-patch' ? applyJsonPatch(resource, json) : applyFhirPathPatch(resource, json));
}
