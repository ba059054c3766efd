import { Fault } from '../errors/fault.js';
import { resourceTypes } from '../fhir/elements.js';
import type { SearchParameter, SearchParameterType } from '../fhir/search-parameters.js';
import { searchPaths } from '../fhir/search-path.js';
import type { Modifier } from '../query/query.js';

/** R4 search.html#modifiers; a reference also takes `:[type]`, which becomes the type of its values. */
export const modifiers: Readonly<Record<SearchParameterType, readonly Modifier[]>> = {
  string: ['exact', 'contains', 'missing'],
  token: ['not', 'text', 'missing'],
  reference: ['identifier', 'missing'],
  uri: ['missing'],
  date: ['missing'],
  number: ['missing'],
  quantity: ['missing'],
  composite: [],
  special: [],
};

export interface ReadModifier {
  readonly modifier?: Modifier;
  /** The resource type of `subject:Patient`. */
  readonly target?: string;
}

/** The modifiers, beside a type, that a parameter takes in a search of the type. */
export function modifiersOf(parameter: SearchParameter, type: string): readonly Modifier[] {
  return modifiers[parameter.type].filter((each) => each !== 'identifier' || hasReferences(parameter, type));
}

/** Reads what stands after the colon. @throws {Fault} `invalid-modifier`, under lenient handling too: the meaning would change. */
export function readModifier(parameter: SearchParameter, text: string, type: string): ReadModifier {
  const allowed = modifiersOf(parameter, type);
  const modifier = allowed.find((each) => each === text);
  if (modifier) return { modifier };
  if (parameter.type === 'reference' && resourceTypes.has(text) && (parameter.target ?? []).includes(text))
    return { target: text };
  const valid = [...allowed, ...(parameter.type === 'reference' ? (parameter.target ?? []) : [])].map(
    (each) => `:${each}`,
  );
  throw new Fault(
    'invalid-modifier',
    `":${text}" is not supported on "${parameter.code}" (${parameter.type}). Supported: ${valid.length === 0 ? 'none' : valid.join(' ')}`,
    { expression: `http.${parameter.code}` },
  );
}

/** A canonical has no identifier to match. */
function hasReferences(parameter: SearchParameter, type: string): boolean {
  return (searchPaths(parameter, type) ?? []).some((path) => path.type === 'Reference');
}
