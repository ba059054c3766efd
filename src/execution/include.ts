import type { Resource } from '@medplum/fhirtypes';
import type { PermittedQuery } from '../access/restrict.js';
import { parseReference } from '../fhir/reference.js';
import { type SearchParameter, searchParameters } from '../fhir/search-parameters.js';
import { searchPaths } from '../fhir/search-path.js';
import { valuesAt } from '../fhir/values-at.js';
import type { CompiledMapping } from '../mapping/compile.js';
import { plan } from '../plan/plan.js';
import type { PlannedSource } from '../plan/stream.js';
import type { Condition, Include } from '../query/query.js';
import { byIds } from './by-id.js';
import { StreamReader } from './stream-reader.js';
import { affords, type Traversal } from './traversal.js';

/** R4 search.html#include bounds: no page carries more than this many included resources. */
const most = 1_000;

/** What the matches of a page refer to, and what refers to them, each resource once and none that is a match itself. */
export async function include(
  matches: readonly Resource[],
  query: PermittedQuery,
  sources: readonly PlannedSource[],
  traversal: Traversal,
): Promise<readonly Resource[]> {
  if (matches.length === 0) return [];
  const mappings = sources.flatMap((source) => source.mappings);
  const found = new Map<string, Resource>();
  const matched = new Set(matches.map(urlOf));
  const keep = (resources: readonly Resource[]) => {
    for (const resource of resources) {
      const url = urlOf(resource);
      if (!matched.has(url) && !found.has(url)) found.set(url, resource);
    }
  };
  keep(await forward(matches, query.include, mappings, traversal));
  for (const one of query.revinclude) keep(await backward(matches, one, query, sources, traversal));
  if (found.size > most) {
    traversal.issues.push({
      severity: 'warning',
      code: 'too-costly',
      message: `More than ${most} resources would be included; the rest are left out.`,
      place: { expression: 'http._include' },
    });
  }
  return [...found.values()].slice(0, most);
}

async function forward(
  matches: readonly Resource[],
  includes: readonly Include[],
  mappings: readonly CompiledMapping[],
  traversal: Traversal,
): Promise<readonly Resource[]> {
  const ids = new Map<string, Set<string>>();
  for (const one of includes) {
    for (const match of matches) {
      if (match.resourceType !== one.source) continue;
      for (const { type, id } of referencesOf(match, one, traversal.baseUrl)) {
        if (one.target !== undefined && one.target !== type) continue;
        const known = ids.get(type) ?? new Set();
        ids.set(type, known);
        for (const each of group(type, id, '_include', traversal)) known.add(each);
      }
    }
  }
  const found = await Promise.all([...ids].map(([type, wanted]) => byIds(mappings, type, [...wanted], traversal)));
  return found.flat();
}

/** The ids that an id is linked with, itself among them; what links add is said once. */
function group(type: string, id: string, parameter: string, { links, issues }: Traversal): readonly string[] {
  const ids = links.idsOf(type, id);
  const place = { expression: `http.${parameter}` };
  const said = issues.some(({ code, place: at }) => code === 'linked' && at.expression === place.expression);
  const message = `"${parameter}" follows links: what is linked with a resource is included as the resource itself would be.`;
  if (ids.length > 1 && !said) issues.push({ severity: 'information', code: 'linked', message, place });
  return ids;
}

function referencesOf(
  resource: Resource,
  { parameter }: Include,
  baseUrl: string,
): readonly { readonly type: string; readonly id: string }[] {
  const parameters: Iterable<SearchParameter> = parameter
    ? [parameter]
    : searchParameters(resource.resourceType).values();
  const found: { type: string; id: string }[] = [];
  for (const each of parameters) {
    if (each.type !== 'reference') continue;
    for (const path of searchPaths(each, resource.resourceType) ?? []) {
      for (const value of valuesAt(resource as unknown as Record<string, unknown>, path)) {
        const { reference } = value as { reference?: unknown };
        const target = typeof reference === 'string' ? parseReference(reference, baseUrl) : undefined;
        if (target?.type !== undefined && target.id !== undefined) found.push({ type: target.type, id: target.id });
      }
    }
  }
  return found;
}

/** `_revinclude`: a search of the other type by the ids of the page. */
async function backward(
  matches: readonly Resource[],
  one: Include,
  query: PermittedQuery,
  sources: readonly PlannedSource[],
  traversal: Traversal,
): Promise<readonly Resource[]> {
  const parameters = one.parameter
    ? [one.parameter]
    : [...searchParameters(one.source).values()].filter(({ type }) => type === 'reference');
  const found: Resource[] = [];
  for (const parameter of parameters) {
    const condition: Condition = {
      parameter,
      values: matches.flatMap(({ resourceType: type, id }) =>
        group(type, id!, '_revinclude', traversal).map((each) => ({ kind: 'reference', type, id: each }) as const),
      ),
      asked: { name: parameter.code, value: '' },
    };
    const inner: PermittedQuery = {
      ...query,
      type: one.source,
      conditions: [condition],
      chains: [],
      sort: [],
      count: most,
      include: [],
      revinclude: [],
    };
    const inside: Traversal = { ...traversal, query: inner };
    for (const stream of plan(inner, sources).streams) {
      const reader = new StreamReader(stream, inside, undefined);
      await reader.fill();
      for (let item = reader.peek(); item && found.length <= most; item = reader.peek()) {
        if (!affords(traversal)) break;
        const { resource } = reader.decode(item);
        if (resource) found.push(resource);
        reader.advance();
        if (!reader.peek()) await reader.fill();
      }
    }
  }
  return found;
}

function urlOf({ resourceType, id }: Resource): string {
  return `${resourceType}/${id}`;
}
