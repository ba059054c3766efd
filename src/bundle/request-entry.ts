import type { Resource } from '@medplum/fhirtypes';
import { Fault } from '../errors/fault.js';
import { type EntryUrl, type ResourceUrl, readResourceUrl, readUrl } from './entry-url.js';

/** Conditions of https://hl7.org/fhir/R4/http.html, each as the header of its name; `ifModifiedSince` is an R4 instant. */
export interface EntryConditions {
  readonly ifMatch?: string;
  readonly ifNoneMatch?: string;
  readonly ifModifiedSince?: string;
  readonly ifNoneExist?: string;
}

interface AnyEntry {
  /** Its place in the Bundle, from 0. */
  readonly index: number;
  /** The same as FHIRPath: `Bundle.entry[3]`. */
  readonly at: string;
  readonly fullUrl: string | undefined;
  readonly conditions: EntryConditions;
}

/** One request of a batch or transaction, read and checked. A resource that a DELETE or GET carries says nothing and is left out. */
export type RequestEntry = AnyEntry &
  (
    | { readonly method: 'POST'; readonly kind: 'create'; readonly target: ResourceUrl; readonly resource: Resource }
    | {
        readonly method: 'POST';
        readonly kind: 'operation';
        readonly url: EntryUrl;
        readonly resource: Resource | undefined;
      }
    | { readonly method: 'PUT'; readonly kind: 'update'; readonly target: ResourceUrl; readonly resource: Resource }
    | { readonly method: 'PATCH'; readonly kind: 'patch'; readonly target: ResourceUrl; readonly resource: Resource }
    | { readonly method: 'DELETE'; readonly kind: 'delete'; readonly target: ResourceUrl }
    | { readonly method: 'GET' | 'HEAD'; readonly kind: 'read'; readonly url: EntryUrl }
  );

type Json = Readonly<Record<string, unknown>>;

export function isObject(value: unknown): value is Json {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

const conditionNames = ['ifMatch', 'ifNoneMatch', 'ifModifiedSince', 'ifNoneExist'] as const;

/**
 * One entry of a Bundle of requests.
 * @throws {Fault} `invalid-body`, `unknown-type`: `place` names what of the entry is wrong, as `Bundle.entry[3].request.url`
 */
export function readEntry(entry: unknown, index: number, baseUrl: string): RequestEntry {
  const at = `Bundle.entry[${index}]`;
  const invalid = (where: string, why: string) => new Fault('invalid-body', why, { expression: `${at}${where}` });
  if (!isObject(entry)) throw invalid('', 'The entry is not an object.');
  // Invariants bdl-2, bdl-3 and bdl-4 of https://hl7.org/fhir/R4/bundle.html.
  const { request, fullUrl } = entry;
  if (!isObject(request)) throw invalid('.request', 'Each entry of a batch or transaction has a request.');
  for (const name of ['response', 'search'])
    if (entry[name] !== undefined) throw invalid(`.${name}`, `An entry of a batch or transaction has no ${name}.`);
  if (fullUrl !== undefined && !isFullUrl(fullUrl))
    throw invalid('.fullUrl', 'A fullUrl is an absolute URI and names no version.');

  const common = { index, at, fullUrl: fullUrl as string | undefined, conditions: readConditions(request, at) };
  const url = readUrl(request.url, baseUrl, `${at}.request.url`);
  const target = () => readResourceUrl(url, `${at}.request.url`);
  const { method } = request;
  switch (method) {
    case 'GET':
    case 'HEAD':
      return { ...common, method, kind: 'read', url };
    case 'DELETE':
      return { ...common, method, kind: 'delete', target: one(target(), at) };
    case 'PUT': {
      const to = one(target(), at);
      const resource = readResource(entry.resource, to.type, at);
      // https://hl7.org/fhir/R4/http.html#update: the body has the id of the URL. For a conditional one it may be missing.
      if (to.id !== '' && resource.id !== to.id)
        throw invalid('.resource.id', 'The id of the resource is not the one of the url.');
      return { ...common, method, kind: 'update', target: to, resource };
    }
    case 'PATCH':
      return {
        ...common,
        method,
        kind: 'patch',
        target: one(target(), at),
        resource: readResource(entry.resource, undefined, at),
      };
    case 'POST': {
      if (url.path.split('/').some((segment) => segment.startsWith('$'))) {
        const resource = entry.resource === undefined ? undefined : readResource(entry.resource, undefined, at);
        return { ...common, method, kind: 'operation', url, resource };
      }
      const to = target();
      if (to.id !== '' || to.query !== '') throw invalid('.request.url', 'The url of a create is [type].');
      return { ...common, method, kind: 'create', target: to, resource: readResource(entry.resource, to.type, at) };
    }
    default:
      throw invalid('.request.method', 'The method is none of GET, HEAD, POST, PUT, PATCH and DELETE.');
  }
}

/** Absolute (RFC 3986), and by bdl-8 not that of a version. */
function isFullUrl(value: unknown): boolean {
  return typeof value === 'string' && /^[a-z][a-z0-9+.-]*:[^\s#]+$/i.test(value) && !value.includes('/_history/');
}

/** Rule of the conditional interactions: without criteria they would be about every resource of a type. */
function one(target: ResourceUrl, at: string): ResourceUrl {
  if (target.id === '' && target.query === '')
    throw new Fault('invalid-body', 'The url names neither a resource nor criteria.', {
      expression: `${at}.request.url`,
    });
  return target;
}

function readResource(value: unknown, type: string | undefined, at: string): Resource {
  if (!isObject(value) || typeof value.resourceType !== 'string')
    throw new Fault('invalid-body', 'The entry has no resource.', { expression: `${at}.resource` });
  if (type !== undefined && value.resourceType !== type)
    throw new Fault('invalid-body', 'The resource is not of the type of the url.', { expression: `${at}.resource` });
  return value as unknown as Resource;
}

function readConditions(request: Json, at: string): EntryConditions {
  const conditions: { -readonly [Name in keyof EntryConditions]: EntryConditions[Name] } = {};
  for (const name of conditionNames) {
    const value = request[name];
    if (value === undefined) continue;
    if (typeof value !== 'string' || value === '')
      throw new Fault('invalid-body', `${name} is a text.`, { expression: `${at}.request.${name}` });
    // https://hl7.org/fhir/R4/bundle-definitions.html#Bundle.entry.request.ifNoneExist: what follows the ?, which many write too.
    conditions[name] = name === 'ifNoneExist' ? value.replace(/^[^?=&]*\?/, '') : value;
  }
  return conditions;
}
