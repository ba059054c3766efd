import type { Resource } from '@medplum/fhirtypes';
import type { Caller } from '../access/caller.js';
import { permitWrite } from '../access/restrict.js';
import { Fault } from '../errors/fault.js';
import type { ResourceChange } from '../execution/engine.js';
import type { FhirRequest, FhirResponse } from './fhir-request.js';
import type { Dependencies } from './interaction.js';
import { matching, tooMany } from './matching.js';
import { absentAsked, versionAsked } from './precondition.js';
import { RequestOptions } from './request-options.js';
import { sentResource } from './sent-resource.js';
import { writtenAnswer } from './written-answer.js';

/** FHIR update, and conditional update. https://hl7.org/fhir/R4/http.html#update, #cond-update */
export async function update(request: FhirRequest, caller: Caller, dependencies: Dependencies): Promise<FhirResponse> {
  const { type, id, parameters } = request;
  permitWrite(type, caller);
  const resource = sentResource(request);
  if (id === '')
    return dependencies.turns.take(type, request.signal, () => updateMatch(request, resource, caller, dependencies));
  if (parameters.length > 0)
    throw new Fault('unknown-parameter', 'An update of an id takes no criteria.', { expression: 'http.query' });
  if (resource.id !== id)
    throw new Fault('invalid-body', 'The id of the resource is that of the path.', { expression: `${type}.id` });
  return put(request, resource, id, caller, dependencies);
}

async function updateMatch(
  request: FhirRequest,
  resource: Resource,
  caller: Caller,
  dependencies: Dependencies,
): Promise<FhirResponse> {
  const { type, parameters } = request;
  const [match, another] = await matching(type, parameters, request, caller, dependencies);
  if (another) throw tooMany(type);
  if (!match && resource.id === undefined) {
    dependencies.refuseInvalid(resource);
    const change: ResourceChange = {
      kind: 'create',
      permitted: permitWrite(type, caller),
      resource: () => resource,
    };
    const [written] = await dependencies.engine.write([change], new RequestOptions(request, dependencies.now()));
    return writtenAnswer(written!, request, dependencies.baseUrl);
  }
  if (match && resource.id !== undefined && resource.id !== match.id)
    throw new Fault('invalid-value', 'The resource that meets the criteria has another id than the one sent.', {
      expression: `${type}.id`,
    });
  const id = match?.id ?? resource.id!;
  return put(request, { ...resource, id }, id, caller, dependencies);
}

async function put(
  request: FhirRequest,
  resource: Resource,
  id: string,
  caller: Caller,
  { engine, baseUrl, now, refuseInvalid }: Dependencies,
): Promise<FhirResponse> {
  const { type, conditions } = request;
  refuseInvalid(resource);
  const version = versionAsked(conditions);
  const change: ResourceChange = {
    kind: 'update',
    permitted: permitWrite(type, caller),
    id,
    resource: () => resource,
    ...(version !== undefined && { version }),
    ...(absentAsked(conditions) && { absent: true }),
  };
  const [written] = await engine.write([change], new RequestOptions(request, now()));
  return writtenAnswer(written!, request, baseUrl);
}
