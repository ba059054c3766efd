import { isSourceFault } from '../errors/fault.js';
import { askedText, type Plan } from '../plan/plan.js';
import type { Explanation, SourceExplanation } from './engine.js';
import type { GuardedSource } from './guarded-source.js';
import { sharedLimit } from './shared-rows.js';

/** The plan as it would run: what each source is asked natively, what it answers, what is checked after it. */
export async function explain(
  { query, streams, shared, pruned }: Plan,
  sources: ReadonlyMap<string, GuardedSource>,
): Promise<Explanation> {
  const explained = streams.map(async (stream): Promise<SourceExplanation> => {
    const { scan, mapping, residual, pushed, ordered, exact } = stream;
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
      orderGuaranteed: ordered,
      limitGuaranteed: ordered && exact,
      ...(together && { together: together.members.map((member) => member.stream.mapping.name) }),
    };
  });
  const order = [
    ...query.sort.map(({ parameter, direction }) => `${direction === 'desc' ? '-' : ''}${parameter.code}`),
    'source',
    'key',
  ];
  return { sources: await Promise.all(explained), pruned, order };
}

/** A source that is away cannot say how it would search; the plan stands all the same. */
function away(error: unknown): { readonly queries: readonly []; readonly unanswered: string } {
  if (!isSourceFault(error)) throw error;
  return { queries: [], unanswered: error.message };
}
