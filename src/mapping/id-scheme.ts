import type { Relation } from '../source/relation.js';

/**
 * How rows of a relation are named: `<source>.<key>[.<key>…][.<facet>]` (see identity/resource-id.ts). A facet tells apart
 * several resources of one type made from one row, or from several tables.
 */
export interface IdScheme {
  readonly relation: Relation;
  readonly facet?: string;
  /** Key columns that hold whole numbers; the others hold text. */
  readonly integers: readonly string[];
}
