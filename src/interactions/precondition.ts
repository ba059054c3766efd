import { Fault } from '../errors/fault.js';
import type { Conditions } from './fhir-request.js';

/** RFC 9110 section 8.8.3; a version is a weak tag (https://hl7.org/fhir/R4/http.html#versioning). */
const tag = /^\s*(?:W\/)?"([A-Za-z0-9\-.]{1,64})"\s*$/;

/**
 * The version that `If-Match` asks for; undefined when it asks for none.
 * @throws {Fault} `invalid-value` for what is no tag of one version
 */
export function versionAsked({ ifMatch }: Conditions): string | undefined {
  if (ifMatch === undefined) return undefined;
  const match = tag.exec(ifMatch);
  if (!match) throw new Fault('invalid-value', 'If-Match is one version, as W/"1".', { expression: 'http.If-Match' });
  return match[1];
}

/**
 * Is the write only for what is not there yet (`If-None-Match: *`)?
 * @throws {Fault} `invalid-value` for anything else than `*`
 */
export function absentAsked({ ifNoneMatch }: Conditions): boolean {
  if (ifNoneMatch === undefined) return false;
  if (ifNoneMatch.trim() === '*') return true;
  throw new Fault('invalid-value', 'If-None-Match of a write is *.', { expression: 'http.If-None-Match' });
}
