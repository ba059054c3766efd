import type { Resource } from '@medplum/fhirtypes';
import { Fault } from '../errors/fault.js';
import { isObject } from './json-copy.js';

/**
 * https://hl7.org/fhir/R4/http.html#patch: a patch changes neither what kind of resource it is, nor which one.
 * @throws {Fault} `unprocessable`
 */
export function withSameIdentity(before: Resource, after: unknown): Resource {
  if (!isObject(after)) throw new Fault('unprocessable', 'The patch leaves something that is not a resource.');
  for (const name of ['resourceType', 'id'] as const)
    if (after[name] !== before[name])
      throw new Fault('unprocessable', `A patch cannot change ${name}.`, {
        expression: `${before.resourceType}.${name}`,
      });
  return after as unknown as Resource;
}
