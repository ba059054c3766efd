import { parseReference } from '../fhir/reference.js';
import { searchParameters } from '../fhir/search-parameters.js';
import { searchPaths } from '../fhir/search-path.js';
import { type Json, valuesAt } from '../fhir/values-at.js';
import type { MatchContext } from './matches.js';
import type { Chain, Condition } from './query.js';

/**
 * One resource cannot tell whether a chain holds: the other one may be anywhere. Once the ids at its end are known, the chain
 * is a condition on the resource alone, which `matches` decides as any other.
 *
 * `ids`: of the other resources that satisfy the chain's conditions (`to`), or of the resources that those refer to (`from`).
 */
export function resolved({ direction, reference, type, asked }: Chain, ids: Iterable<string>): Condition {
  return direction === 'to'
    ? { parameter: reference, values: [...ids].map((id) => ({ kind: 'reference', type, id })), asked }
    : { parameter: byId(type), values: [...ids].map((id) => ({ kind: 'token', code: id })), asked };
}

/** The other resources among these ids, or those that refer to these resources of type `searched`, as a condition on the other type. */
export function narrowedTo(
  { direction, reference, type, asked }: Chain,
  searched: string,
  ids: readonly string[],
): Condition {
  return direction === 'to'
    ? { parameter: byId(type), values: ids.map((id) => ({ kind: 'token', code: id })), asked }
    : { parameter: reference, values: ids.map((id) => ({ kind: 'reference', type: searched, id })), asked };
}

/** The ids of this server that a resource's literal references lead to, at the chain's reference; `type` is that of what is referred to. */
export function referredIds(
  { reference }: Chain,
  type: string,
  resource: { readonly resourceType: string },
  { baseUrl }: MatchContext,
): readonly string[] {
  const ids: string[] = [];
  for (const path of searchPaths(reference, resource.resourceType) ?? []) {
    if (path.type !== 'Reference') continue;
    for (const value of valuesAt(resource as unknown as Json, path)) {
      const { reference: text } = value as Json;
      const target = typeof text === 'string' ? parseReference(text, baseUrl) : undefined;
      if (target?.type === type && target.id !== undefined) ids.push(target.id);
    }
  }
  return ids;
}

/** Does it ask for what is not there? Then a source that does not answer would make the answer wrong, and not only shorter. */
export function asksForAbsence({ conditions }: Chain): boolean {
  return conditions.some(({ modifier, missing }) => modifier === 'not' || missing === true);
}

function byId(type: string) {
  return searchParameters(type).get('_id')!;
}
