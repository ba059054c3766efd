import { Fault } from '../errors/fault.js';
import { resourceTypes } from '../fhir/elements.js';

/** Where an entry's request goes, read from its `request.url`. */
export interface EntryUrl {
  /** Below the base URL, without a slash at either end: `Patient/1`, `Patient`, `metadata`; '' for the base itself. */
  readonly path: string;
  /** What follows `?`, as it is written; '' without one. */
  readonly query: string;
}

/** One type of resources, and of those the one with an id, or those that meet criteria. */
export interface ResourceUrl {
  readonly type: string;
  readonly id: string;
  readonly query: string;
}

const absolute = /^[a-z][a-z0-9+.-]*:/i;
const idSyntax = /^[A-Za-z0-9.-]{1,64}$/;

/**
 * A URL relative to the base, as https://hl7.org/fhir/R4/http.html#trules wants it; an absolute one below the base is the same.
 * @throws {Fault} `invalid-body`: not a text, of another server, or one that leaves its base
 */
export function readUrl(text: unknown, baseUrl: string, at: string): EntryUrl {
  const invalid = (why: string) => new Fault('invalid-body', why, { expression: at });
  if (typeof text !== 'string' || text === '') throw invalid('The request has no url.');
  if (/[\s#]/.test(text)) throw invalid('The url of a request has neither white space nor a fragment.');
  let local = text;
  if (absolute.test(text)) {
    if (!text.startsWith(baseUrl) || !/^(?:[/?]|$)/.test(text.slice(baseUrl.length)))
      throw invalid('The url of a request is relative to the base URL of this server.');
    local = text.slice(baseUrl.length);
  }
  const mark = local.indexOf('?');
  const segments = (mark < 0 ? local : local.slice(0, mark)).split('/').filter((segment) => segment !== '');
  if (segments.some((segment) => segment === '.' || segment === '..'))
    throw invalid('The url of a request stays below the base URL of this server.');
  return { path: segments.join('/'), query: mark < 0 ? '' : local.slice(mark + 1) };
}

/**
 * The resource, or the criteria, that a write is about.
 * @throws {Fault} `invalid-body`, `unknown-type`
 */
export function readResourceUrl({ path, query }: EntryUrl, at: string): ResourceUrl {
  const [type = '', id = '', ...rest] = path.split('/');
  if (!resourceTypes.has(type))
    throw new Fault('unknown-type', 'R4 has no resource type of that name.', { expression: at });
  if (rest.length > 0 || (id !== '' && (!idSyntax.test(id) || query !== '')))
    throw new Fault('invalid-body', 'The url of a write is [type]/[id] or [type]?[criteria].', { expression: at });
  return { type, id, query };
}
