import type { OperationOutcome, Resource } from '@medplum/fhirtypes';
import { Random } from '#demo/random.js';
import { adversarial } from './adversary.js';
import { held, missing } from './laws.js';
import type { Sample } from './rows.js';

export interface Tally {
  cases: number;
  /** By what came of them. */
  readonly outcomes: Record<string, number>;
  readonly failures: string[];
}

export function emptyTally(): Tally {
  return { cases: 0, outcomes: {}, failures: [] };
}

function count(tally: Tally, outcome: string): void {
  tally.cases++;
  tally.outcomes[outcome] = (tally.outcomes[outcome] ?? 0) + 1;
}

/** Resources that mean ill, asked of rows in memory: laws L1 to L5 of the lens alone. */
export function askRows(samples: readonly Sample[], cases: number, seed: number): Tally {
  const tally = emptyTally();
  const random = new Random(seed, 0, 0);
  const read = samples.flatMap(({ name, mapping, rows }) =>
    rows.flatMap((row) => {
      const resource = mapping.read(row, () => {});
      return resource ? [{ name, mapping, row, resource }] : [];
    }),
  );
  for (let n = 0; n < cases; n++) {
    const { name, mapping, row, resource } = read[n % read.length]!;
    const asked = adversarial(resource, random);
    try {
      count(tally, held(mapping, row, asked));
    } catch (error) {
      count(tally, 'failed');
      tally.failures.push(`${name}: ${(error as Error).message} ${JSON.stringify(asked)}`);
    }
  }
  return tally;
}

/** A server whose sources may be written. */
export interface Written {
  readonly baseUrl: string;
  readonly search: (path: string) => Promise<{ readonly entry?: readonly { readonly resource?: Resource }[] }>;
}

/**
 * Resources that mean ill, sent to a server whose sources lie in real databases: what is accepted is read back whole, what is refused
 * names a path, and leaves the resource as it was, to its version.
 */
export async function sendTo(server: Written, types: readonly string[], cases: number, seed: number): Promise<Tally> {
  const tally = emptyTally();
  const random = new Random(seed, 1, 0);
  const pools: (readonly Resource[])[] = [];
  for (const type of types) {
    const { entry = [] } = await server.search(`${type}?_count=60`);
    const pool = entry.flatMap(({ resource }) => (resource && resource.resourceType === type ? [resource] : []));
    if (pool.length > 0) pools.push(pool);
  }
  for (let n = 0; n < cases; n++) {
    const { resourceType, id } = random.pick(pools[n % pools.length]!);
    const url = `${server.baseUrl}/${resourceType}/${id}`;
    const before = (await (await fetch(url)).json()) as Resource;
    const asked = adversarial(before, random);
    const answer = await fetch(url, {
      method: 'PUT',
      headers: { 'Content-Type': 'application/fhir+json' },
      body: JSON.stringify(asked),
    });
    const said = (await answer.json()) as Resource;
    const after = (await (await fetch(url)).json()) as Resource;
    count(tally, `${id!.split('.')[0]} ${answer.status}`);
    const wrong = unlike({ status: answer.status, said, asked, before, after });
    if (wrong) tally.failures.push(`${resourceType}/${id}: ${answer.status} ${wrong} ${JSON.stringify(asked)}`);
  }
  return tally;
}

interface Sent {
  readonly status: number;
  readonly said: Resource;
  readonly asked: Resource;
  readonly before: Resource;
  readonly after: Resource;
}

function unlike({ status, said, asked, before, after }: Sent): string | undefined {
  if (status === 200) {
    const lost = missing(asked, after);
    if (lost.length > 0) return `L3: lost ${lost.join(', ')}`;
    return JSON.stringify(said) === JSON.stringify(after) ? undefined : 'the answer is not what is read then';
  }
  if (![400, 405, 409, 422].includes(status)) return `is no refusal: ${JSON.stringify(said)}`;
  const { issue } = said as OperationOutcome;
  if (status === 422 && issue.some(({ diagnostics }) => !diagnostics)) return 'does not say why';
  return JSON.stringify(before) === JSON.stringify(after) ? undefined : 'L2: was refused, and changed the row';
}

export function together(tallies: readonly Tally[]): Tally {
  const all = emptyTally();
  for (const { cases, outcomes, failures } of tallies) {
    all.cases += cases;
    for (const [outcome, times] of Object.entries(outcomes))
      all.outcomes[outcome] = (all.outcomes[outcome] ?? 0) + times;
    all.failures.push(...failures);
  }
  return all;
}
