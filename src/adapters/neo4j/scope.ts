import type { TableRelation } from '../../source/relation.js';
import { matchText, type Pattern, type Property, patternOf, propertyOf } from './pattern.js';

/** A table within a statement, its row bound to a variable. */
export interface Scope {
  readonly relation: TableRelation;
  readonly pattern: Pattern;
  readonly variable: string;
  readonly match: string;
  readonly property: (column: string) => Property;
  /** Cypher of a column's value. */
  readonly column: (name: string) => string;
}

export function scopeOf(relation: TableRelation, variable: string): Scope {
  const pattern = patternOf(relation.name);
  const property = (column: string) => propertyOf(relation, pattern, column);
  return {
    relation,
    pattern,
    variable,
    match: matchText(pattern, variable),
    property,
    column: (name) => property(name).of(variable),
  };
}
