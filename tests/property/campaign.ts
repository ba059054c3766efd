import type { Engine } from '#src/execution/engine.js';
import { type Case, caseGenerator, type Supported } from '../oracle/case-generator.js';
import { type Random, seeded } from '../oracle/random.js';
import { drawDataSet } from './data-set.js';
import { context, everything, federate } from './federation.js';
import type { Hospital } from './hospitals.js';
import { illegal } from './illegal.js';
import { judge } from './judge.js';
import { inFiles, inMemory } from './materialise.js';

export interface Request {
  /** One data set for each seed. */
  readonly seeds: readonly number[];
  readonly casesPerDataSet: number;
  readonly form: 'memory' | 'files';
}

export interface Difference {
  readonly seed: number;
  readonly form: string;
  readonly query: string;
  readonly difference: string;
}

export interface Tally {
  cases: number;
  answered: number;
  refused: number;
  resources: number;
  readonly tags: Record<string, number>;
  readonly dirt: Record<string, number>;
  readonly differences: Difference[];
}

export const emptyTally = (): Tally => ({
  cases: 0,
  answered: 0,
  refused: 0,
  resources: 0,
  tags: {},
  dirt: {},
  differences: [],
});

/** Judges random searches over random data. */
export async function campaign(
  hospitals: readonly Hospital[],
  { seeds, casesPerDataSet, form }: Request,
  enough = 20,
): Promise<Tally> {
  const tally = emptyTally();
  for (const seed of seeds) {
    const data = drawDataSet(hospitals, seed);
    for (const kind of data.dirt) count(tally.dirt, kind);
    const store = form === 'memory' ? inMemory(hospitals, data) : inFiles(hospitals, data);
    // In every other data set no chain becomes a list of ids: each is probed.
    const on = federate(hospitals, store, true, { chainIds: seed % 2 === 0 ? 0 : 5_000 });
    const off = federate(hospitals, store, false);
    try {
      const pool = await everything(off);
      tally.resources += pool.length;
      const byId = new Map(pool.map((resource) => [`${resource.resourceType}/${resource.id}`, resource]));
      const parameters = supported(on);
      const next = caseGenerator(pool, parameters, seed, context);
      const random = seeded(seed + 1);
      for (let i = 0; i < casesPerDataSet; i++) {
        const { query, tags } = random.chance(0.03) ? spoil(next(), parameters, random) : next();
        const { matches, refused, difference } = await judge(
          { pool, byId, on, off, countable: data.countable },
          query,
          random,
        );
        tally.cases++;
        if (matches > 0) tally.answered++;
        if (refused) tally.refused++;
        for (const tag of tags) count(tally.tags, tag);
        if (difference !== undefined) tally.differences.push({ seed, form, query, difference });
        if (tally.differences.length >= enough) return tally;
      }
    } finally {
      await on.close();
      store.remove();
    }
  }
  return tally;
}

/** The case with one more criterion that is not legal. */
function spoil({ query, type, tags }: Case, parameters: Supported, random: Random): Case {
  const { kind, text } = illegal(parameters[type]!, random);
  return { type, query: query.replace('?', `?${text}&`), tags: [...tags, `illegal:${kind}`] };
}

/** What the engine can be asked, but for what the oracle does not judge. */
export function supported(engine: Engine): Supported {
  return Object.fromEntries(
    [...engine.types.values()].map(({ type, parameters }) => [
      type,
      Object.fromEntries(
        [...parameters.values()]
          .filter(({ type: of }) => of !== 'composite' && of !== 'special')
          .map(({ code, type: of }) => [code, { type: of }]),
      ),
    ]),
  );
}

function count(counts: Record<string, number>, key: string): void {
  counts[key] = (counts[key] ?? 0) + 1;
}
