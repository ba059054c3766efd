import type { Caller } from '../access/caller.js';
import { permitRead } from '../access/restrict.js';
import { subset } from '../bundle/subset.js';
import { Fault } from '../errors/fault.js';
import type { FhirRequest, FhirResponse } from './fhir-request.js';
import type { Dependencies } from './interaction.js';
import { readSubset } from './read-subset.js';
import { RequestOptions } from './request-options.js';

/** R4 datatypes.html#id */
export const idPattern = /^[A-Za-z0-9\-.]{1,64}$/;

/** FHIR read: the resource of an id, as it is now. https://hl7.org/fhir/R4/http.html#read */
export async function read(request: FhirRequest, caller: Caller, { engine, now }: Dependencies): Promise<FhirResponse> {
  const { type, id } = request;
  const asked = request.parameters.length === 0 ? undefined : readSubset(request);
  const permitted = permitRead(type, id, caller);
  if (!idPattern.test(id)) throw notFound(type, id);
  const { resource, issues } = await engine.read(permitted, new RequestOptions(request, now()));
  return {
    resource: asked ? subset(resource, asked) : resource,
    version: resource.meta?.versionId,
    lastModified: resource.meta?.lastUpdated,
    warnings: issues.length === 0 ? undefined : issues.map(({ message }) => message),
  };
}

function notFound(type: string, id: string): Fault {
  return new Fault('not-found', idPattern.test(id) ? `${type}/${id} is not known.` : `There is no ${type} of that id.`);
}
