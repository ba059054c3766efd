import type { SearchParameter } from '../fhir/search-parameters.js';
import type { ValueContext } from './value.js';

/** What reading a search text depends on. */
export interface SearchContext extends ValueContext {
  /** A larger `_count` is cut to this. */
  readonly maxCount: number;
  readonly defaultCount: number;
  /** `Prefer: handling`; only `lenient` lets an unknown parameter pass. */
  readonly handling: 'none' | 'lenient' | 'strict';
  /** The parameters that can be searched in a type, by code. */
  readonly supported: (type: string) => ReadonlyMap<string, SearchParameter>;
  /** The types that the references of a type, at a parameter, are known to lead to: what a chain means that does not say. */
  readonly leadsTo?: (type: string, code: string) => readonly string[];
}
