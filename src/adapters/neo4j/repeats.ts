import type { TableRelation } from '../../source/relation.js';
import type { Cell } from '../../source/row.js';
import type { Schema } from './schema.js';
import { type Scope, scopeOf } from './scope.js';

/**
 * How the later rows of a native key are left out. Native order is that of the database's own numbers of nodes and relationships.
 *
 * | kind   | when | how |
 * | ---    | ---  | --- |
 * | none   | there is no key, or a constraint keeps it unique | |
 * | seek   | a column of the key has an index | for each row, those of its key are sought |
 * | listed | else | keys that repeat were asked for before |
 */
export type Repeats =
  | { readonly kind: 'none' }
  | { readonly kind: 'seek' }
  | { readonly kind: 'listed'; readonly keys: readonly (readonly Cell[])[]; readonly first: readonly unknown[] };

export function repeatsKind(relation: TableRelation, schema: Schema): Repeats['kind'] {
  if (relation.key.length === 0) return 'none';
  const { pattern, property } = scopeOf(relation, 'n');
  const key = relation.key.map(property);
  if (pattern.kind === 'node') {
    const names = key.map(({ name }) => name);
    if (schema.unique(pattern.label).some((unique) => unique.every((one) => names.includes(one)))) return 'none';
  }
  return key.some(({ owner, name }) => owner !== undefined && schema.indexed(owner, name)) ? 'seek' : 'listed';
}

/** Keys that occur more than once, with the number of the first row of each. */
export function repeatsCypher(relation: TableRelation): string {
  const scope = scopeOf(relation, 'n');
  const keys = relation.key.map(scope.column);
  const names = keys.map((_, i) => `k${i}`);
  return (
    `MATCH ${scope.match} WHERE ${keys.map((key) => `${key} IS NOT NULL`).join(' AND ')} ` +
    `WITH ${keys.map((key, i) => `${key} AS ${names[i]}`).join(', ')}, min(id(n)) AS first, count(*) AS times ` +
    `WHERE times > 1 RETURN [${names.join(', ')}] AS key, first`
  );
}

/** A condition that leaves out later rows; undefined when there are none. */
export function firstOnly(scope: Scope, repeats: Repeats, bind: (value: unknown) => string): string | undefined {
  if (repeats.kind === 'seek') return `NOT ${another(scope, '<')}`;
  if (repeats.kind !== 'listed' || repeats.first.length === 0) return undefined;
  return `(NOT coalesce(${keyList(scope)} IN ${bind(repeats.keys)}, false) OR id(${scope.variable}) IN ${bind(repeats.first)})`;
}

/** Is the row the first of several? */
export function isRepeated(scope: Scope, repeats: Repeats, bind: (value: unknown) => string): string | undefined {
  if (repeats.kind === 'seek') return another(scope, '>');
  if (repeats.kind !== 'listed' || repeats.first.length === 0) return undefined;
  return `id(${scope.variable}) IN ${bind(repeats.first)}`;
}

const keyList = (scope: Scope): string => `[${scope.relation.key.map(scope.column).join(', ')}]`;

function another(scope: Scope, operator: '<' | '>'): string {
  const other = scopeOf(scope.relation, `${scope.variable}r`);
  const equal = scope.relation.key.map((name) => `${other.column(name)} = ${scope.column(name)}`);
  const conditions = [...equal, `id(${other.variable}) ${operator} id(${scope.variable})`];
  return `EXISTS { MATCH ${other.match} WHERE ${conditions.join(' AND ')} }`;
}
