import type { Resource } from '@medplum/fhirtypes';
import type { Caller } from './caller.js';

/** The last look at a resource on its way out, includes too: undefined when the caller may not see it. */
export function redact(resource: Resource, caller: Caller): Resource | undefined {
  return caller.mayRead(resource.resourceType) ? resource : undefined;
}
