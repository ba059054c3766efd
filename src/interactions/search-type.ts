import type { Caller } from '../access/caller.js';
import { restrict } from '../access/restrict.js';
import { searchset } from '../bundle/searchset.js';
import type { Issue } from '../errors/fault.js';
import type { SearchParameter } from '../fhir/search-parameters.js';
import { print } from '../query/print.js';
import { acrossLinks } from '../search/across-links.js';
import { parse } from '../search/parse.js';
import type { FhirRequest, FhirResponse } from './fhir-request.js';
import type { Dependencies } from './interaction.js';
import { RequestOptions } from './request-options.js';
import { withoutUnsortable } from './unsortable.js';

const nothing: ReadonlyMap<string, SearchParameter> = new Map();

/** FHIR search of one resource type, by GET or POST. https://hl7.org/fhir/R4/http.html#search */
export async function searchType(
  request: FhirRequest,
  caller: Caller,
  dependencies: Dependencies,
): Promise<FhirResponse> {
  const { engine, baseUrl, count } = dependencies;
  const { type, handling, presentation } = request;
  const cursorAsked = request.parameters.find(([name]) => name === '_cursor')?.[1];
  const now = (cursorAsked === undefined ? undefined : engine.startedAt(cursorAsked)) ?? dependencies.now();
  const parsed = parse(type, request.parameters, {
    baseUrl,
    now,
    maxCount: count.max,
    defaultCount: count.default,
    handling: handling ?? 'none',
    supported: (of) => engine.types.get(of)?.parameters ?? nothing,
    leadsTo: (of, code) => engine.types.get(of)?.targets.get(code) ?? [],
  });
  const { query, unsortable } = withoutUnsortable(parsed.query, engine.types.get(type)!, handling);
  const onlyTotal = query.summary === 'count';
  const asked = onlyTotal ? { ...query, count: 0, total: 'accurate' as const } : query;
  const { query: linked, disclosed } = acrossLinks(asked, engine.links);
  const page = await engine.search(restrict(linked, caller), new RequestOptions(request, now));
  return {
    resource: searchset({
      baseUrl,
      type,
      parameters: withPresentation(print(query), presentation),
      cursor: query.cursor,
      page: {
        ...page,
        issues: [...page.issues, ...disclosed, ...parsed.ignored.map(ignoredIssue), ...unsortable.map(ignoredIssue)],
      },
      subset: query,
      onlyTotal,
    }),
    ...(handling && { applied: `handling=${handling}` }),
  };
}

function ignoredIssue(asked: string): Issue {
  return {
    severity: 'warning',
    code: 'unknown-parameter',
    message: `"${asked}" is not supported and was ignored.`,
    place: { expression: `http.${asked.split('=')[0]}` },
  };
}

function withPresentation(query: string, presentation: FhirRequest['presentation']): string {
  if (presentation.length === 0) return query;
  const pairs = presentation.map(([name, value]) => `${name}=${encodeURIComponent(value)}`);
  return [...(query === '' ? [] : [query]), ...pairs].join('&');
}
