import { resourceTypes } from './elements.js';

/** A reference, read (R4 references.html#literal). Exactly one of `id` (to this server), `url` and `contained` is set. */
export interface ParsedReference {
  /** Set for `Type/id`, relative or absolute, and for an absolute URL of another server that ends in one. */
  readonly type?: string;
  /** Logical id on this server; without `type` the reference was a bare id. */
  readonly id?: string;
  /** The version of `Type/id/_history/version`. */
  readonly version?: string;
  /** Absolute URL elsewhere, URN, or canonical, without `/_history/...`. */
  readonly url?: string;
  /** Id of a contained resource (`#id`). */
  readonly contained?: string;
}

const relative = /^([A-Z][A-Za-z]*)\/([A-Za-z0-9.-]{1,64})(?:\/_history\/([A-Za-z0-9.-]{1,64}))?$/;
const bareId = /^[A-Za-z0-9.-]{1,64}$/;
const absolute = /^[a-z][a-z0-9+.-]*:[^\s]+$/i;
const urlTail = /\/([A-Z][A-Za-z]*)\/[A-Za-z0-9.-]{1,64}(\/_history\/[A-Za-z0-9.-]{1,64})?$/;

/**
 * Reads the text of Reference.reference or of a reference search value. `baseUrl` is this server's, without a slash at the
 * end: an absolute URL below it is the same as the relative one. Undefined when the text is none of the known forms.
 */
export function parseReference(text: string, baseUrl: string): ParsedReference | undefined {
  if (text.startsWith('#')) return { contained: text.slice(1) };
  const local = text.startsWith(baseUrl) && text[baseUrl.length] === '/' ? text.slice(baseUrl.length + 1) : text;
  const match = relative.exec(local);
  if (match && resourceTypes.has(match[1]!)) {
    return { type: match[1]!, id: match[2]!, ...(match[3] !== undefined && { version: match[3] }) };
  }
  if (bareId.test(text)) return { id: text };
  if (!absolute.test(text)) return undefined;
  const tail = urlTail.exec(text);
  if (!tail || !resourceTypes.has(tail[1]!)) return { url: text };
  const history = tail[2];
  if (history === undefined) return { type: tail[1]!, url: text };
  return { type: tail[1]!, url: text.slice(0, -history.length), version: history.slice('/_history/'.length) };
}

/** A canonical's URL and business version (R4 references.html#canonical). */
export function parseCanonical(text: string): { readonly url: string; readonly version?: string } {
  const bar = text.lastIndexOf('|');
  return bar < 0 ? { url: text } : { url: text.slice(0, bar), version: text.slice(bar + 1) };
}
