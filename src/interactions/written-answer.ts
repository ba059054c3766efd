import type { Resource } from '@medplum/fhirtypes';
import { outcome } from '../errors/outcome.js';
import type { Written } from '../execution/engine.js';
import type { FhirRequest, ResourceAnswer } from './fhir-request.js';

const done = {
  created: 'created',
  updated: 'updated',
  unchanged: 'as it was asked for already',
  deleted: 'deleted',
  absent: 'not there',
} as const;

/** The answer to a write, with as much of the resource as the client prefers (https://hl7.org/fhir/R4/http.html#ops). */
export function writtenAnswer(
  { outcome: result, type, id, resource }: Written,
  { returns }: Pick<FhirRequest, 'returns'>,
  baseUrl: string,
): ResourceAnswer {
  const version = resource?.meta?.versionId;
  const said = outcome([
    { severity: 'information', code: 'written', message: `${type}/${id} is ${done[result]}.`, place: {} },
  ]);
  const content: Resource | undefined =
    returns === 'minimal' ? undefined : returns === 'OperationOutcome' ? said : resource;
  const history = version === undefined ? '' : `/_history/${version}`;
  return {
    status: result === 'created' ? 201 : content ? 200 : 204,
    resource: content,
    version,
    lastModified: resource?.meta?.lastUpdated,
    ...(result === 'created' && { location: `${baseUrl}/${type}/${id}${history}` }),
    ...(returns && { applied: `return=${returns}` }),
  };
}
