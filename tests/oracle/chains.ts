import type { Resource } from '@medplum/fhirtypes';
import type { Context } from './criteria.js';
import { parameterOf } from './definitions.js';
import { elementsOf } from './elements.js';
import type { Criterion } from './query-text.js';
import { Refused } from './refused.js';
import { targets } from './values.js';

/** A chain of one level: what stands at its other end, and the search that this has to match. */
interface Chain {
  readonly direction: 'to' | 'from';
  /** The reference between the two, a parameter of the type that refers. */
  readonly reference: string;
  readonly type: string;
  /** `Type?name=value`. */
  readonly search: string;
}

/** Is it a chain, or a `_has`? */
export function isChain({ name }: Criterion): boolean {
  return name.includes('.') || name.startsWith('_has:');
}

/**
 * R4 search.html#chaining and #has: a resource that refers to one, or is referred to by one, that matches by itself. `matches`
 * gives the ids that a search finds among all resources.
 */
export function chainTest(
  criterion: Criterion,
  type: string,
  resources: readonly Resource[],
  context: Context,
  matches: (search: string) => readonly string[],
): (resource: Resource) => boolean {
  const chain = readChain(criterion, type);
  const found = new Set(matches(chain.search));
  if (chain.direction === 'to') {
    return (resource) => literals(resource, chain.reference, context).some((text) => isOf(text, chain.type, found));
  }
  const referred = new Set<string>();
  for (const other of resources) {
    if (other.resourceType !== chain.type || !found.has(other.id!)) continue;
    for (const text of literals(other, chain.reference, context)) referred.add(text);
  }
  return (resource) => referred.has(`${resource.resourceType}/${resource.id}`);
}

function isOf(text: string, type: string, ids: ReadonlySet<string>): boolean {
  return text.startsWith(`${type}/`) && ids.has(text.slice(type.length + 1));
}

/** `Type/id` of every literal reference to this server. */
function literals(resource: Resource, code: string, { base }: Context): readonly string[] {
  return elementsOf(parameterOf(resource.resourceType, code), resource)
    .filter((element) => element.type === 'Reference')
    .flatMap((element) => targets(element, base))
    .flatMap(({ type, id }) => (type !== undefined && id !== undefined ? [`${type}/${id}`] : []));
}

function readChain({ name, value }: Criterion, type: string): Chain {
  const search = (of: string, inner: string) => `${of}?${encodeURIComponent(inner)}=${encodeURIComponent(value)}`;
  if (name.startsWith('_has:')) {
    const [, other = '', code = '', ...inner] = name.split(':');
    if (inner.length === 0) throw new Refused(name);
    referenceTargets(other, code);
    return { direction: 'from', reference: code, type: other, search: search(other, inner.join(':')) };
  }
  const dot = name.indexOf('.');
  const inner = name.slice(dot + 1);
  const [code = '', stated] = name.slice(0, dot).split(':');
  const possible = referenceTargets(type, code);
  if (stated !== undefined && !possible.includes(stated)) throw new Refused(name);
  const meant = stated === undefined ? possible.filter((each) => knows(each, inner)) : [stated];
  if (meant.length !== 1) throw new Refused(name);
  return { direction: 'to', reference: code, type: meant[0]!, search: search(meant[0]!, inner) };
}

/** The types that a reference parameter may lead to. */
export function referenceTargets(type: string, code: string): readonly string[] {
  const parameter = parameterOf(type, code);
  if (parameter.type !== 'reference') throw new Refused(`${code} is no reference`);
  return parameter.target ?? [];
}

function knows(type: string, inner: string): boolean {
  try {
    return parameterOf(type, inner.split(':')[0]!) !== undefined;
  } catch (error) {
    if (error instanceof Refused) return false;
    throw error;
  }
}
