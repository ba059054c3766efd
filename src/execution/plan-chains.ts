import type { PermittedQuery } from '../access/restrict.js';
import { joinsOf } from '../plan/joins.js';
import { type Plan, plan } from '../plan/plan.js';
import type { PlannedSource } from '../plan/stream.js';
import { resolved } from '../query/chain.js';
import type { Chain, Condition } from '../query/query.js';
import type { LiveSchemas } from './live-schemas.js';
import { idsOf } from './other-end.js';
import { attempt, type Traversal } from './traversal.js';

/** The sources with what is known of joins inside those that are asked. */
export async function withJoins(
  { streams }: Plan,
  sources: readonly PlannedSource[],
  schemas: LiveSchemas,
  traversal: Pick<Traversal, 'failed' | 'call'>,
): Promise<readonly PlannedSource[]> {
  return Promise.all(
    sources.map(async (source) => {
      if (!streams.some((stream) => stream.source === source.name)) return source;
      const tables = await attempt(traversal, source.name, () => schemas.of(source.name, traversal.call));
      return tables ? { ...source, joins: joinsOf(tables) } : source;
    }),
  );
}

/** The plan of a query with chains: those that a source cannot follow have become lists of ids, unless they would be too long. */
export async function planChains(
  query: PermittedQuery,
  sources: readonly PlannedSource[],
  traversal: Traversal,
  mostIds?: number,
): Promise<Plan> {
  const first = plan(query, sources);
  const wanted = new Map<Chain, Set<string>>();
  for (const { chain, by, ends } of first.streams.flatMap(({ open }) => open)) {
    if (by !== 'ids') continue;
    const all = wanted.get(chain) ?? new Set();
    wanted.set(chain, all);
    for (const source of ends) all.add(source);
  }
  if (wanted.size === 0) return first;
  const known = new Map<Chain, Condition>();
  for (const [chain, ends] of wanted) {
    const asked = sources.filter(({ name }) => ends.has(name));
    const ids = await idsOf(chain, query, asked, traversal, mostIds);
    if (ids) known.set(chain, resolved(chain, ids));
  }
  return known.size === 0 ? first : plan(query, sources, known);
}
