import { Fault } from '../../errors/fault.js';
import type { Relation, TableRelation } from '../../source/relation.js';

/**
 * What a table of a graph is, by its name:
 *
 * | name                               | rows |
 * | ---                                | --- |
 * | `Patient`                          | the nodes of a label; a column is a property: path `['name']` |
 * | `(:Doctor)-[:TREATS]->(:Patient)`  | the relationships of a type between two labels; a column is a property of the relationship, `['since']`, or of the node it starts from or leads to: `['start', 'name']`, `['end', 'name']` |
 *
 * A label of an end may be left out (`()-[:TREATS]->()`). Names that are no identifiers stand in backquotes, which are doubled within.
 */
export type Pattern =
  | { readonly kind: 'node'; readonly label: string }
  | { readonly kind: 'relationship'; readonly type: string; readonly start?: string; readonly end?: string };

const name = '(`(?:[^`]|``)+`|[^\\s`:()\\[\\]]+)';
const relationship = new RegExp(`^\\((?::${name})?\\)-\\[:${name}\\]->\\((?::${name})?\\)$`);

export function patternOf(table: string): Pattern {
  const match = relationship.exec(table);
  if (!match) return { kind: 'node', label: table };
  const [, start, type, end] = match;
  return {
    kind: 'relationship',
    type: unquoted(type!),
    ...(start !== undefined && { start: unquoted(start) }),
    ...(end !== undefined && { end: unquoted(end) }),
  };
}

/** The name of a relationship's table, as `patternOf` reads it. */
export function relationshipTable(start: string, type: string, end: string): string {
  const quoted = (one: string) => (/^[^\s`:()[\]]+$/.test(one) ? one : quote(one));
  return `(:${quoted(start)})-[:${quoted(type)}]->(:${quoted(end)})`;
}

export function quote(identifier: string): string {
  return `\`${identifier.replaceAll('`', '``')}\``;
}

function unquoted(identifier: string): string {
  return identifier.startsWith('`') ? identifier.slice(1, -1).replaceAll('``', '`') : identifier;
}

/** The pattern of MATCH that binds a row to a variable, and the ends of a relationship to `<variable>s` and `<variable>e`. */
export function matchText(pattern: Pattern, variable: string): string {
  if (pattern.kind === 'node') return `(${variable}:${quote(pattern.label)})`;
  const end = (suffix: string, label: string | undefined) =>
    `(${variable}${suffix}${label === undefined ? '' : `:${quote(label)}`})`;
  return `${end('s', pattern.start)}-[${variable}:${quote(pattern.type)}]->${end('e', pattern.end)}`;
}

/** Where a column lies: the label or type whose property it is, and the property. */
export interface Property {
  readonly owner: string | undefined;
  readonly name: string;
  /** Cypher of its value for the row of a variable. */
  readonly of: (variable: string) => string;
}

export function propertyOf(relation: TableRelation, pattern: Pattern, column: string): Property {
  const path = relation.columns[column]?.path;
  if (!path) throw missingColumn(relation, column);
  const [first, second] = path as readonly [string, string?];
  if (path.length === 1) {
    const owner = pattern.kind === 'node' ? pattern.label : pattern.type;
    return { owner, name: first, of: (variable) => `${variable}.${quote(first)}` };
  }
  if (pattern.kind === 'node' || path.length !== 2 || (first !== 'start' && first !== 'end'))
    throw missingColumn(relation, path.join('.'));
  const suffix = first === 'start' ? 's' : 'e';
  return { owner: pattern[first], name: second!, of: (variable) => `${variable}${suffix}.${quote(second!)}` };
}

function missingColumn(relation: Relation, column: string): Fault {
  return new Fault('source-schema', `Column ${column} of table ${relation.name} does not exist`);
}
