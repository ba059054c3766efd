import { beforeAll, describe, expect, test } from '@jest/globals';
import { seeded } from '../oracle/random.js';
import { serverUrl } from '../support/server-url.js';
import { campaign, type Tally } from './campaign.js';
import { drawDataSet } from './data-set.js';
import { everything, explain, federate } from './federation.js';
import { type Hospital, hospitals } from './hospitals.js';
import { judge } from './judge.js';
import { stored } from './servers/on-servers.js';

const servers = {
  mysql: serverUrl('HEALTHSYNC_TEST_MYSQL_URL'),
  postgres: serverUrl('HEALTHSYNC_TEST_POSTGRES_URL'),
  mongodb: serverUrl('HEALTHSYNC_TEST_MONGODB_URL'),
  influxdb: serverUrl('HEALTHSYNC_TEST_INFLUXDB_URL'),
  neo4j: serverUrl('HEALTHSYNC_TEST_NEO4J_URL'),
};

let all: readonly Hospital[];
beforeAll(async () => {
  all = await hospitals();
}, 60_000);

/** `npm run prove -- --servers` draws ten thousand; these are the same for every run. */
describe('random searches over random data, split at random over real servers and files', () => {
  const seeds = [9_001, 9_002, 9_003, 9_004, 9_005];
  const casesPerDataSet = 40;
  let tally: Tally;

  test('pushdown on = pushdown off = oracle on the unsplit data', async () => {
    tally = await campaign(all, { seeds, casesPerDataSet, form: 'servers', servers });
    expect(tally.differences).toEqual([]);
    expect(tally.cases).toBe(seeds.length * casesPerDataSet);
  }, 300_000);

  test('most have an answer', () => expect(tally.answered / tally.cases).toBeGreaterThan(0.6));

  test('every server held a part, and chains of every kind were asked', () => {
    const wanted = [...Object.keys(servers), 'files'].map((place) => `place:${place}`);
    for (const tag of [...wanted, 'chain:to', 'chain:from', 'chain:typed', 'chain:plain'])
      expect(tally.tags).toHaveProperty([tag]);
  });
});

describe.each(['mysql', 'postgres'] as const)('chains within a source on %s', (place) => {
  test.each([
    ['Invoice?patient.gender=female', 'patient.gender=female'],
    ['Invoice?patient.family=s&_sort=date', 'patient.family=s'],
    ['Patient?_has:Invoice:patient:status=issued', '_has:Invoice:patient:status=issued'],
    ['Patient?_has:Invoice:patient:date:missing=false&_sort=-birthdate', '_has:Invoice:patient:date:missing=false'],
  ])('%s is one statement with EXISTS', async (query, chain) => {
    const random = seeded(4);
    const data = drawDataSet(all, 21);
    const hospital = all.find(({ name }) => name === 'his-a')!;
    const part = { name: 'his-a', place, hospital, rows: data.rows['his-a'] };
    const { adapter, remove } = await stored(part, servers, `chains_${process.pid}_${Date.now()}`, random);
    const store = { sources: [{ name: 'his-a', folder: hospital.folder, adapter }] };
    const [on, off] = [federate(store, true), federate(store, false)];
    try {
      const pool = await everything(off);
      const byId = new Map(pool.map((one) => [`${one.resourceType}/${one.id}`, one]));
      const verdict = await judge({ pool, byId, on, off, countable: data.countable }, query, random);
      expect(verdict.difference).toBeUndefined();
      expect(verdict.matches).toBeGreaterThan(0);
      const { sources } = await explain(on, query);
      expect(sources.length).toBeGreaterThan(0);
      for (const { pushed, open, queries } of sources) {
        expect([...pushed, ...open.map((one) => one.chain)]).toContain(chain);
        expect(queries.map(({ text }) => text).join()).toMatch(/\bEXISTS\b/);
      }
    } finally {
      await on.close();
      await remove();
    }
  });
});
