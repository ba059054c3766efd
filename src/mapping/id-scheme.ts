import type { Relation } from '../source/relation.js';

/**
 * How rows of a relation are named: `<source>.<key>[.<key>…][.<facet>]` (see identity/resource-id.ts). A facet tells apart
 * several resources of one type made from one row, or from several tables.
 */
export interface IdScheme {
  readonly relation: Relation;
  readonly facet?: string;
  /** The source whose rows are named, where a reference leads to another source; otherwise the mapping's own. */
  readonly source?: string;
  /** Key columns that hold whole numbers; the others hold text. */
  readonly integers: readonly string[];
}
