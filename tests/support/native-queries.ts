import { local } from '#src/access/caller.js';
import { restrict } from '#src/access/restrict.js';
import type { Explanation } from '#src/execution/engine.js';
import { parsePairs } from '#src/interactions/query-string.js';
import { parse } from '#src/search/parse.js';
import type { NativeQuery } from '#src/source/adapter.js';
import type { DemoServer } from './demo-server.js';

/** The plan of a search. */
export function planned(
  { engine, baseUrl }: Pick<DemoServer, 'engine' | 'baseUrl'>,
  search: string,
): Promise<Explanation> {
  const [type = '', asked = ''] = search.split(/\?(.*)/s);
  const context = {
    baseUrl,
    now: new Date('2026-01-01'),
    maxCount: 1000,
    defaultCount: 20,
    handling: 'none',
    supported: (of: string) => engine.types.get(of)!.parameters,
    leadsTo: (of: string, code: string) => engine.types.get(of)?.targets.get(code) ?? [],
  } as const;
  return engine.explain(restrict(parse(type, parsePairs(asked), context).query, local));
}

export interface SourceQuery extends NativeQuery {
  readonly source: string;
  readonly mapping: string;
}

/** What each source would be asked, in its own words. */
export async function nativeQueries(
  demo: Pick<DemoServer, 'engine' | 'baseUrl'>,
  search: string,
): Promise<readonly SourceQuery[]> {
  const { sources } = await planned(demo, search);
  return sources.flatMap(({ source, mapping, queries }) => queries.map((query) => ({ source, mapping, ...query })));
}
