import { isSourceFault } from '../errors/fault.js';
import { askedText, type Plan, plan } from '../plan/plan.js';
import type { PlannedSource } from '../plan/stream.js';
import type { Chain } from '../query/query.js';
import type { ChainExplanation, Explanation, SourceExplanation } from './engine.js';
import type { GuardedSource } from './guarded-source.js';
import { otherEnd } from './other-end.js';
import { sharedLimit } from './shared-rows.js';

/** The plan as it would run: what each source is asked natively, what it answers, what is checked after it. */
export async function explain(
  whole: Plan,
  planned: readonly PlannedSource[],
  sources: ReadonlyMap<string, GuardedSource>,
): Promise<Explanation> {
  const { query, streams, pruned } = whole;
  const order = [
    ...query.sort.map(({ parameter, direction }) => `${direction === 'desc' ? '-' : ''}${parameter.code}`),
    'source',
    'key',
  ];
  const chains = query.chains.flatMap((chain) => {
    const open = streams.flatMap((stream) => stream.open.filter((one) => one.chain === chain));
    const ends = new Set(open.flatMap((one) => [...one.ends]));
    return ends.size === 0 ? [] : [otherEndOf(chain, ends)];
  });
  async function otherEndOf(chain: Chain, ends: ReadonlySet<string>): Promise<ChainExplanation> {
    const inner = plan(
      otherEnd(chain, query),
      planned.filter(({ name }) => ends.has(name)),
    );
    return {
      chain: askedText(chain),
      type: chain.type,
      sources: await explained(inner, sources),
      pruned: inner.pruned,
    };
  }
  return { sources: await explained(whole, sources), pruned, chains: await Promise.all(chains), order };
}

async function explained(
  { query, streams, shared }: Plan,
  sources: ReadonlyMap<string, GuardedSource>,
): Promise<readonly SourceExplanation[]> {
  const all = streams.map(async (stream): Promise<SourceExplanation> => {
    const { scan, mapping, residual, open, pushed, ordered, exact } = stream;
    const together = shared.find(({ members }) => members.some((member) => member.stream === stream));
    const native = sources
      .get(stream.source)!
      .adapter.explain(
        together
          ? { ...together.scan, limit: sharedLimit(query.count) }
          : ordered
            ? { ...scan, limit: query.count + 1 }
            : scan,
      );
    const { queries, unanswered } = await native.then((queries) => ({ queries, unanswered: undefined }), away);
    return {
      source: stream.source,
      mapping: mapping.name,
      queries,
      ...(unanswered !== undefined && { unanswered }),
      pushed: pushed.map(askedText),
      residual: residual.map(({ condition, reason }) => ({ condition: askedText(condition), reason })),
      open: open.map(({ chain, by, reason }) => ({ chain: askedText(chain), by, reason })),
      orderGuaranteed: ordered,
      limitGuaranteed: ordered && exact,
      ...(together && { together: together.members.map((member) => member.stream.mapping.name) }),
    };
  });
  return Promise.all(all);
}

/** A source that is away cannot say how it would search; the plan stands all the same. */
function away(error: unknown): { readonly queries: readonly []; readonly unanswered: string } {
  if (!isSourceFault(error)) throw error;
  return { queries: [], unanswered: error.message };
}
