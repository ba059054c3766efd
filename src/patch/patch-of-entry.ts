import type { Resource } from '@medplum/fhirtypes';
import { Fault } from '../errors/fault.js';
import { decimal } from '../fhir/decimal.js';
import { parseExact } from '../source/exact-json.js';
import { applyFhirPathPatch } from './fhirpath-patch.js';
import { applyJsonPatch } from './json-patch.js';

/**
 * The patch that an entry of a Bundle carries: Parameters are a FHIRPath Patch, a JSON Patch is the data of a Binary of its media
 * type (https://hl7.org/fhir/R4/http.html#patch).
 * @param at where the entry's resource is: `Bundle.entry[3].resource`
 * @returns what makes the new resource of the one there is; it throws as `applyFhirPathPatch` and `applyJsonPatch`
 * @throws {Fault} `invalid-body`, `unsupported-media-type`
 */
export function patchOfEntry(carried: Resource, at: string): (resource: Resource) => Resource {
  if (carried.resourceType === 'Parameters') return (resource) => applyFhirPathPatch(resource, carried);
  if (carried.resourceType !== 'Binary')
    throw new Fault('invalid-body', 'The resource of a PATCH is a Parameters or a Binary.', { expression: at });
  const { contentType, data } = carried;
  if (!/^application\/json-patch\+json\s*(?:;|$)/i.test(contentType ?? ''))
    throw new Fault('unsupported-media-type', 'The patch of a Binary is application/json-patch+json.', {
      expression: `${at}.contentType`,
    });
  const patch = readJson(data, `${at}.data`);
  return (resource) => applyJsonPatch(resource, patch);
}

function readJson(data: unknown, at: string): unknown {
  const invalid = (cause?: unknown) =>
    new Fault('invalid-body', 'The data of the Binary are not JSON in base64.', { expression: at }, { cause });
  if (typeof data !== 'string' || !/^[A-Za-z0-9+/\s]+={0,2}\s*$/.test(data)) throw invalid();
  try {
    const text = new TextDecoder('utf-8', { fatal: true }).decode(Buffer.from(data, 'base64'));
    return parseExact(text, decimal);
  } catch (error) {
    throw invalid(error);
  }
}
