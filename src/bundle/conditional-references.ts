import type { Resource } from '@medplum/fhirtypes';
import { Fault } from '../errors/fault.js';
import { resourceTypes } from '../fhir/elements.js';
import { mapPrimitives } from '../fhir/map-primitives.js';
import type { LinkPlace, LinkTarget } from './entry-links.js';

/** A reference by criteria (https://hl7.org/fhir/R4/http.html#trules): the resource of a type that meets them. */
export interface ConditionalReference {
  readonly type: string;
  /** What follows `?`, as it is written. */
  readonly query: string;
  /** Where it stands: `Bundle.entry[3].resource.subject.reference`. */
  readonly at: string;
}

/** Those of a resource. */
export function conditionalReferences(
  resource: Resource,
  place: Pick<LinkPlace, 'at' | 'baseUrl'>,
): readonly ConditionalReference[] {
  const found: ConditionalReference[] = [];
  mapReferences(resource, place, (reference) => {
    found.push(reference);
    return undefined;
  });
  return found;
}

/**
 * A resource whose references by criteria name the resource that meets them; the one that is given does not change. The same
 * criteria are looked up once.
 * @param find the resources that meet the criteria; two are as good as all
 * @throws {Fault} "If there are no matches, or multiple matches, the transaction fails": `unprocessable`, `multiple-matches`
 */
export async function withConditionalReferences<R extends Resource>(
  resource: R,
  place: Pick<LinkPlace, 'at' | 'baseUrl'>,
  find: (reference: ConditionalReference) => Promise<readonly LinkTarget[]>,
): Promise<R> {
  const answers = new Map<string, LinkTarget>();
  for (const reference of conditionalReferences(resource, place)) {
    const key = `${reference.type}?${reference.query}`;
    if (answers.has(key)) continue;
    const [only, second] = await find(reference);
    if (!only)
      throw new Fault('unprocessable', 'No resource meets the criteria of the reference.', {
        expression: reference.at,
      });
    if (second)
      throw new Fault('multiple-matches', 'More than one resource meets the criteria of the reference.', {
        expression: reference.at,
      });
    answers.set(key, only);
  }
  return mapReferences(resource, place, ({ type, query }) => {
    const target = answers.get(`${type}?${query}`);
    return target && `${target.type}/${target.id}`;
  });
}

const conditional = /^([A-Z][A-Za-z]*)\?(.+)$/s;

function mapReferences<R extends Resource>(
  resource: R,
  { at: root, baseUrl }: Pick<LinkPlace, 'at' | 'baseUrl'>,
  change: (reference: ConditionalReference) => string | undefined,
): R {
  return mapPrimitives(resource, root, ({ value, element, owner, at }) => {
    if (owner !== 'Reference' || element.name !== 'reference' || typeof value !== 'string') return value;
    const local = value.startsWith(`${baseUrl}/`) ? value.slice(baseUrl.length + 1) : value;
    const [, type, query] = conditional.exec(local) ?? [];
    if (type === undefined || query === undefined || !resourceTypes.has(type)) return value;
    return change({ type, query, at: at() }) ?? value;
  });
}
