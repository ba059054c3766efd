import { Fault } from '#src/errors/fault.js';
import type { Adapter } from '#src/source/adapter.js';
import { prefixes } from '../oracle/criteria.js';
import { seeded } from '../oracle/random.js';
import { campaign } from '../property/campaign.js';
import { type DataSet, drawDataSet } from '../property/data-set.js';
import { everything, federate, pages } from '../property/federation.js';
import { type Hospital, hospitals } from '../property/hospitals.js';
import { judge } from '../property/judge.js';
import { inMemory } from '../property/materialise.js';

/** A process that tries a build: traversals made hard, searches at boundaries, a small sample of the property. Ends with 1 when it is wrong. */
const dataSets = [1, 2, 3, 4, 5, 6, 7, 8];

async function wrong(): Promise<string | undefined> {
  const all = await hospitals();
  const data = drawDataSet(all, 15);
  const hard = (await shortOfBudget(all, data)) ?? (await losingSource(all, data)) ?? (await atBoundaries(all, data));
  if (hard !== undefined) return hard;
  const { differences } = await campaign(all, { seeds: dataSets, casesPerDataSet: 150, form: 'memory' }, 1);
  return differences[0] && `${differences[0].query} ${differences[0].difference}`;
}

/** Each request may look at few rows: pages are short, and together they are everything. */
async function shortOfBudget(all: readonly Hospital[], data: DataSet): Promise<string | undefined> {
  const query = 'CarePlan?activity-date=lt2024-02&_count=3';
  const whole = ids(await pages(federate(inMemory(all, data), false), query));
  const engine = federate(inMemory(all, data), true, { rows: 4 });
  const found = await pages(engine, query);
  if (!found.some(({ issues }) => issues.some(({ code }) => code === 'too-costly')))
    return 'the budget never ended a page';
  return whole.length > 0 && ids(found).join() === whole.join()
    ? undefined
    : `within a budget: ${ids(found)} instead of ${whole}`;
}

/** Every prefix at the very dates that people were born, and every gender. */
async function atBoundaries(all: readonly Hospital[], data: DataSet): Promise<string | undefined> {
  const store = inMemory(all, data);
  const [on, off] = [federate(store, true), federate(store, false)];
  const pool = await everything(off);
  const byId = new Map(pool.map((resource) => [`${resource.resourceType}/${resource.id}`, resource]));
  const births = pool.flatMap((resource) => (resource.resourceType === 'Patient' ? (resource.birthDate ?? []) : []));
  const dates = births.slice(0, 8).flatMap((date) => prefixes.map((prefix) => `Patient?birthdate=${prefix}${date}`));
  const genders = ['=male', '=female', '=other', '=unknown', ':missing=true'].flatMap((gender) => [
    `Patient?gender${gender}`,
    `Practitioner?gender${gender}`,
  ]);
  const random = seeded(1);
  for (const query of [...dates, ...genders]) {
    const { difference } = await judge({ pool, byId, on, off, countable: false }, query, random);
    if (difference !== undefined) return `${query} ${difference}`;
  }
  return undefined;
}

/** A source fails on the first page and is back on the second: its rows would be missing before the place that was reached. */
async function losingSource(all: readonly Hospital[], data: DataSet): Promise<string | undefined> {
  const { sources } = inMemory(all, data);
  let calls = 0;
  const failing = (adapter: Adapter): Adapter =>
    Object.create(adapter, {
      scan: {
        value: (...asked: Parameters<Adapter['scan']>) => {
          if (calls++ === 0) throw new Fault('source-unavailable', 'away');
          return adapter.scan(...asked);
        },
      },
    });
  const lossy = sources.map((one) => (one.name === 'his-c' ? { ...one, adapter: failing(one.adapter) } : one));
  const engine = federate({ sources: lossy }, true, { required: false });
  const found = await pages(engine, 'Patient?_sort=birthdate&_count=5', false);
  if (found.length < 3) return 'the traversal was too short';
  const readmitted = ids(found).find((id) => id.startsWith('his-c.'));
  if (readmitted !== undefined) return `${readmitted} of a source that had failed`;
  return found.every(({ issues }) => issues.some(({ place }) => place.source === 'his-c'))
    ? undefined
    : 'a page does not say what it lacks';
}

const ids = (found: Awaited<ReturnType<typeof pages>>) => found.flatMap(({ matches }) => matches.map(({ id }) => id!));

const said = await wrong().catch((error: unknown) => String(error));
if (said !== undefined) console.log(said);
process.exit(said === undefined ? 0 : 1);
