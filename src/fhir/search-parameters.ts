import { readFileSync } from 'node:fs';
import { r4 } from './package-root.js';

export type SearchParameterType =
  | 'string'
  | 'token'
  | 'date'
  | 'number'
  | 'quantity'
  | 'reference'
  | 'uri'
  | 'composite'
  | 'special';

/** A SearchParameter of R4, reduced to what search needs (https://hl7.org/fhir/R4/searchparameter.html). */
export interface SearchParameter {
  readonly code: string;
  readonly url: string;
  readonly type: SearchParameterType;
  readonly base: readonly string[];
  /** FHIRPath; absent for the special parameters (`_text`, `_content`, `_query`, `near` ...). */
  readonly expression?: string;
  readonly target?: readonly string[];
  readonly component?: readonly { readonly definition: string; readonly expression: string }[];
}

const all = JSON.parse(readFileSync(new URL('search-parameters.json', r4), 'utf8')) as readonly SearchParameter[];
const byType = new Map<string, ReadonlyMap<string, SearchParameter>>();

/** The parameters that R4 defines for a resource type, those of Resource and DomainResource included, by code. */
export function searchParameters(type: string): ReadonlyMap<string, SearchParameter> {
  let found = byType.get(type);
  if (!found) {
    found = new Map(
      all
        .filter((p) => p.base.some((b) => b === type || b === 'Resource' || b === 'DomainResource'))
        .map((p) => [p.code, p]),
    );
    byType.set(type, found);
  }
  return found;
}

const byUrl = new Map(all.map((parameter) => [parameter.url, parameter]));

/** A parameter by its canonical URL: what a composite's component names as its definition. */
export function searchParameterByUrl(url: string): SearchParameter | undefined {
  return byUrl.get(url);
}
