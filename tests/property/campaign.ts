import type { Resource } from '@medplum/fhirtypes';
import type { Engine } from '#src/execution/engine.js';
import { type Case, caseGenerator, type Supported } from '../oracle/case-generator.js';
import { type Random, seeded } from '../oracle/random.js';
import { type DataSet, drawDataSet } from './data-set.js';
import { context, everything, federate } from './federation.js';
import type { Hospital } from './hospitals.js';
import { illegal } from './illegal.js';
import { judge } from './judge.js';
import { inFiles, inMemory, type Store } from './materialise.js';
import type { Servers } from './servers/on-servers.js';

export interface Request {
  /** One data set for each seed. */
  readonly seeds: readonly number[];
  readonly casesPerDataSet: number;
  readonly form: 'memory' | 'files' | 'servers';
  /** For the form of that name. */
  readonly servers?: Servers;
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
  { seeds, casesPerDataSet, form, servers }: Request,
  enough = 20,
): Promise<Tally> {
  const tally = emptyTally();
  for (const seed of seeds) {
    const data = drawDataSet(hospitals, seed);
    for (const kind of data.dirt) count(tally.dirt, kind);
    const { store, lists, places } = await materialised(hospitals, data, form, servers);
    for (const place of places) count(tally.tags, `place:${place}`);
    // In every other data set no chain becomes a list of ids: each is probed.
    const on = federate(store, true, { chainIds: seed % 2 === 0 ? 0 : 5_000 });
    const off = federate(store, false);
    try {
      const pool = await everything(lists ? federate(lists, false) : off);
      const lost = lists && (await unlike(pool, off));
      if (lost) tally.differences.push({ seed, form, query: 'everything', difference: lost });
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
      await store.remove();
    }
  }
  return tally;
}

interface Materialised {
  readonly store: Store;
  /** The same data as lists in memory, when they are another thing than what the store is meant to hold. */
  readonly lists?: Store;
  readonly places: readonly string[];
}

async function materialised(
  hospitals: readonly Hospital[],
  data: DataSet,
  form: Request['form'],
  servers: Servers | undefined,
): Promise<Materialised> {
  if (form === 'memory') return { store: inMemory(hospitals, data), places: [] };
  if (form === 'files') return { store: inFiles(hospitals, data), places: [] };
  if (!servers) throw new Error('no servers');
  const { onServers } = await import('./servers/on-servers.js');
  return onServers(hospitals, data, servers);
}

/** The first resource that a store does not hand over as it is meant. */
async function unlike(pool: readonly Resource[], off: Engine): Promise<string | undefined> {
  const told = (resources: readonly Resource[]) =>
    new Map(resources.map((one) => [`${one.resourceType}/${one.id}`, JSON.stringify(unversioned(one))]));
  const [meant, read] = [told(pool), told(await everything(off, 100_000))];
  for (const name of new Set([...meant.keys(), ...read.keys()]))
    if (meant.get(name) !== read.get(name)) return `${name} is read as ${read.get(name)}, not ${meant.get(name)}`;
  return undefined;
}

function unversioned(resource: Resource): unknown {
  return { ...resource, meta: { ...resource.meta, versionId: '' } };
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
