import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { ownServer } from '../support/own-server.js';
import { serverUrl } from '../support/server-url.js';
import { root } from '../support/source-tree.js';
import {
  type Answer,
  ask,
  type Interaction,
  interactions,
  isHealthy,
  judge,
  type Preference,
  preferences,
} from './asking.js';
import { type Federation, serveBeside, TIMEOUT_MS } from './federation.js';
import { faultyCsv, faultyJson, faultySqlite } from './files.js';
import { type FaultySource, type HarmName, harmNames } from './harm.js';
import { faultyInfluxdb } from './influxdb.js';
import { faultyMongodb } from './mongodb.js';
import { faultyMysql } from './mysql.js';
import { faultyNeo4j } from './neo4j.js';
import { faultyPostgres } from './postgres.js';
import { type Cell, nameOf, type Seen, saying, written } from './table.js';

/** A request that takes longer than this, though its source has 300 ms, hangs. */
const hangsMs = 3_000;
/** A source that is there again answers within this. */
const recoversMs = 30_000;
const mostTries = 6;
/** `HEALTHSYNC_WRITE_FAULTS=1`: the page is to say what is seen, on a machine that has nothing else to do. */
const writes = process.env.HEALTHSYNC_WRITE_FAULTS === '1';
const file = join(root, 'docs/faults.md');
const known = existsSync(file) ? saying(readFileSync(file, 'utf8')) : new Map<string, string>();
/** What may keep a request waiting until its time is up. */
const waiting: readonly HarmName[] = harmNames.filter(
  (name) => name !== 'credentials revoked' && name !== 'schema changed under us',
);

const kinds = {
  mysql: () => faultyMysql(serverUrl('HEALTHSYNC_TEST_MYSQL_URL')),
  postgres: () => faultyPostgres(serverUrl('HEALTHSYNC_TEST_POSTGRES_URL')),
  mongodb: () => onOwnServer('mongodb', faultyMongodb),
  influxdb: () => onOwnServer('influxdb', faultyInfluxdb),
  neo4j: () => onOwnServer('neo4j', faultyNeo4j),
  sqlite: faultySqlite,
  csv: faultyCsv,
  json: faultyJson,
};

/** Those that the environment names take anybody. */
async function onOwnServer(
  kind: 'mongodb' | 'influxdb' | 'neo4j',
  open: (server: string) => Promise<FaultySource>,
): Promise<FaultySource> {
  const server = await ownServer(kind, { signIn: true });
  const source = await open(server.url);
  return {
    ...source,
    async close() {
      await source.close();
      await server.close();
    },
  };
}

const seen: Seen[] = [];

describe.each(Object.keys(kinds) as (keyof typeof kinds)[])('%s', (kind) => {
  let source: FaultySource;
  beforeAll(async () => {
    source = await kinds[kind]();
    await warm();
  }, 120_000);
  afterAll(() => source?.close());

  /** A server that was just started, or whose tables were others, is slow to plan what it is asked. */
  const warm = async (ready: (patient: Federation) => Promise<unknown> = (patient) => healthy(patient, kind)) => {
    const patient = await served(kind, source, false, 30_000);
    await ready(patient);
    await patient.stop();
  };

  test.each(harmNames)('%s: said, in time, and over without a restart', async (name) => {
    const harm = source.harms[name];
    if (typeof harm === 'string') {
      seen.push({ kind, harm: name, impossible: harm });
      return;
    }
    const federations: readonly [Served, Served] = [
      await served(kind, source, false),
      await served(kind, source, true),
    ];
    try {
      const whole = [await healthy(federations[0], kind), await healthy(federations[1], kind)];
      const end = await harm();
      try {
        if (name === 'schema changed under us')
          await warm(async ({ baseUrl }) => {
            for (const interaction of interactions) await ask(baseUrl, kind, interaction);
          });
        seen.push(...(await harmed(name, federations, whole)));
      } finally {
        await end();
      }
      if (name === 'schema changed under us') await warm();
      for (const [i, one] of federations.entries()) {
        const again = await healthy(one, kind);
        expect(again.map(({ body }) => body)).toEqual(whole[i]!.map(({ body }) => body));
      }
    } finally {
      for (const { stop } of federations) await stop();
    }
  });

  /**
   * The cells of a harm. No answer may break a law. On a busy machine more may be late than is written: what is not answered as it
   * is written is asked again.
   */
  async function harmed(harm: HarmName, federations: readonly Served[], whole: readonly (readonly Answer[])[]) {
    const cells: Cell[] = [];
    const wrong: string[] = [];
    const look = async (i: number, interaction: Interaction, preference: Preference) => {
      const { baseUrl, required } = federations[i]!;
      const before = whole[i]!.find((one) => one.interaction === interaction)!;
      for (let tries = 1; ; tries++) {
        const answer = await ask(baseUrl, kind, interaction, preference);
        const judged = judge(answer, before, kind, required);
        const cell = { kind, harm, required, preference, interaction, said: judged.said };
        wrong.push(...judged.wrong.map((what) => `${nameOf(cell)}: ${judged.said}: ${what}`));
        if (answer.ms > hangsMs) wrong.push(`${nameOf(cell)}: ${answer.ms.toFixed(0)} ms`);
        if ((!writes && known.get(nameOf(cell)) === judged.said) || (writes && tries >= 3) || tries >= mostTries) {
          cells.push(cell);
          return;
        }
        await new Promise((resolve) => setTimeout(resolve, 100 * tries));
      }
    };
    for (const interaction of interactions) {
      const looks = preferences.flatMap((preference) => [0, 1].map((i) => () => look(i, interaction, preference)));
      // Those that wait wait together.
      if (waiting.includes(harm)) await Promise.all(looks.map((one) => one()));
      else for (const one of looks) await one();
    }
    expect(wrong).toEqual([]);
    return cells;
  }
});

test('docs/faults.md says what was seen', () => {
  const text = written(seen);
  if (writes) writeFileSync(file, text);
  expect(text).toBe(readFileSync(file, 'utf8'));
});

interface Served extends Federation {
  readonly required: boolean;
}

async function served(name: string, source: FaultySource, required: boolean, timeoutMs = TIMEOUT_MS): Promise<Served> {
  const adapter = source.open(timeoutMs);
  return { ...(await serveBeside({ name, adapter, table: source.table, required, timeoutMs })), required };
}

/** Every answer, as soon as all of them are whole. */
async function healthy({ baseUrl }: Federation, source: string): Promise<readonly Answer[]> {
  for (const deadline = performance.now() + recoversMs; ; ) {
    const answers: Answer[] = [];
    for (const interaction of interactions) answers.push(await ask(baseUrl, source, interaction));
    const ill = answers.find((answer) => !isHealthy(answer, source));
    if (!ill) return answers;
    if (performance.now() > deadline) throw new Error(`does not recover: ${JSON.stringify(ill).slice(0, 2000)}`);
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
}
