import { Fault } from '../errors/fault.js';
import type { CompiledMapping } from '../mapping/compile.js';
import type { PlannedSource } from '../plan/stream.js';
import type { Scan } from '../source/adapter.js';
import type { Relation, TableRelation } from '../source/relation.js';
import type { GuardedSource } from './guarded-source.js';

/** Whoever asks whether the server is ready waits no longer than this for a source. */
const patienceMs = 2_000;
/** However often it is asked, sources are asked no more often than this. */
const keptMs = 1_000;

export interface ReadinessSetting {
  readonly required: ReadonlySet<string>;
  readonly guarded: ReadonlyMap<string, GuardedSource>;
}

/**
 * Asks each required source for one row of each of its tables, by way of its guard: an open breaker answers for the source. One
 * that has too many scans waiting is reachable all the same.
 */
export function createReadiness(
  sources: readonly PlannedSource[],
  { required, guarded }: ReadinessSetting,
): () => Promise<readonly string[]> {
  const probes = sources
    .filter(({ name }) => required.has(name))
    .map((source) => ({ ...source, scans: scansOf(source) }));
  let latest: Promise<readonly string[]> | undefined;
  let until = Number.NEGATIVE_INFINITY;
  const ask = async (): Promise<readonly string[]> => {
    const { signal } = new AbortController();
    const call = { signal, deadline: performance.now() + patienceMs };
    const reached = await Promise.all(
      probes.map(async ({ name, scans }) => {
        const answers = await Promise.allSettled(scans.map(async (scan) => guarded.get(name)!.rows(scan, call)));
        return answers.every((answer) => answer.status === 'fulfilled' || isBusy(answer.reason));
      }),
    );
    until = performance.now() + keptMs;
    return probes.filter((_, i) => !reached[i]).map(({ name }) => name);
  };
  return () => {
    if (!latest || performance.now() > until) {
      until = Number.POSITIVE_INFINITY;
      latest = ask();
    }
    return latest;
  };
}

function isBusy(reason: unknown): boolean {
  return reason instanceof Fault && reason.code === 'source-busy';
}

/** The first row of each table of a source. */
function scansOf({ narrow, mappings }: PlannedSource): readonly Scan[] {
  const tables = new Map(mappings.flatMap(tablesOf).map((table) => [table.name, table]));
  return [...tables.values()].map((relation) => {
    const output = Object.keys(relation.columns)
      .slice(0, 1)
      .map((column) => ({ kind: 'column', column }) as const);
    return { ...narrow({ relation, output, order: [] }, []).scan, limit: 1 };
  });
}

function tablesOf({ relation, output }: CompiledMapping): readonly TableRelation[] {
  const related = output.flatMap((one): readonly Relation[] => (one.kind === 'column' ? [] : [one.relation]));
  return [relation, ...related].flatMap((one) =>
    one.kind === 'table' ? [one] : one.kind === 'distinct' ? one.of.map(({ table }) => table) : [],
  );
}
