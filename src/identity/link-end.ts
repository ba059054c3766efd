import { parseReference } from '../fhir/reference.js';

/** An end of a link as it is written: a resource by its id, or by an exact identifier that a resource or a key space has. */
export type WrittenEnd =
  | { readonly type: string; readonly id: string }
  | { readonly type: string; readonly system: string; readonly value: string };

const identified = /^([A-Z][A-Za-z]*)\?identifier=([^|]+)\|(.+)$/;

/**
 * `Patient/his-a.7`, or `Patient?identifier=<system>|<value>`: the system ends at the first `|`, and what follows is the value as it
 * stands, nothing escaped. Undefined when the text is neither.
 */
export function parseLinkEnd(text: string): WrittenEnd | undefined {
  const found = identified.exec(text);
  if (found) return { type: found[1]!, system: found[2]!, value: found[3]! };
  // An absolute URL is of another server.
  const { type, id, version } = parseReference(text, 'urn:none') ?? {};
  return type !== undefined && id !== undefined && version === undefined ? { type, id } : undefined;
}
