import type { Resource } from '@medplum/fhirtypes';
import { Fault } from '../errors/fault.js';
import type { FhirRequest } from './fhir-request.js';

/**
 * The resource that is sent, of the type that the path says.
 * @throws {Fault} `invalid-body`: it is none, or of another type (https://hl7.org/fhir/R4/http.html#create: 400)
 */
export function sentResource({ body, type }: FhirRequest): Resource {
  const json = body?.json;
  if (typeof json !== 'object' || json === null || Array.isArray(json))
    throw new Fault('invalid-body', 'A resource is a JSON object.');
  const { resourceType } = json as { readonly resourceType?: unknown };
  if (resourceType !== type)
    throw new Fault('invalid-body', `The path takes a resource of type ${type}, and the body says another, or none.`, {
      expression: 'resourceType',
    });
  return json as Resource;
}
