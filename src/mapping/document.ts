import type { SearchParameter } from '../fhir/search-parameters.js';
import { searchPaths } from '../fhir/search-path.js';
import type { Condition } from '../query/query.js';
import { type Bracket, unknown } from './bracket.js';
import type { DocumentIndex, MappingDefinition } from './define.js';
import { compileCondition, type Searched } from './search/condition.js';
import type { Node } from './template.js';

type Document = NonNullable<MappingDefinition<never>['document']>;

/**
 * A table of whole resources is searched by its index rows: one small template for each parameter, of the type that the
 * parameter's path leads to, over the rows that hold its values. What has no index is looked up in the documents themselves.
 */
export function compileDocumentCondition(condition: Condition, { index }: Document, searched: Searched): Bracket {
  if (condition.parameter.code === '_id') return compileCondition(condition, searched);
  const rows = index[condition.parameter.code];
  const root = rows && atPath(condition.parameter, rows, searched.type);
  return root === undefined ? unknown : compileCondition(condition, { ...searched, root });
}

export function documentParameters(
  { index }: Document,
  all: ReadonlyMap<string, SearchParameter>,
): ReadonlyMap<string, SearchParameter> {
  return new Map([...all].filter(([code]) => code === '_id' || Object.hasOwn(index, code)));
}

/** The index's element set at the parameter's own path, so that it is searched as any template is. */
function atPath(
  parameter: SearchParameter,
  { relation, on, to, type, where }: DocumentIndex,
  resource: string,
): Node | undefined {
  const path = (searchPaths(parameter, resource) ?? []).find((candidate) => candidate.type === type);
  if (!path) return undefined;
  const each: Node = [{ node: 'each', relation, on, order: [], to: { node: 'when', where, to } }] as unknown as Node;
  return path.steps.reduceRight<Node>((node, step) => ({ [step.name]: node }) as Node, each);
}
