import { readFileSync, writeFileSync } from 'node:fs';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import type { Bundle, OperationOutcome } from '@medplum/fhirtypes';
import { openInfluxdb } from '#src/adapters/influxdb/adapter.js';
import { openMongodb } from '#src/adapters/mongodb/adapter.js';
import { openMysql } from '#src/adapters/mysql/adapter.js';
import { openNeo4j } from '#src/adapters/neo4j/adapter.js';
import { openPostgres } from '#src/adapters/postgres/adapter.js';
import type { Adapter, SourceLocation } from '#src/source/adapter.js';
import { type OwnServer, ownServer, type ServerKind } from '../support/own-server.js';
import { serverUrl } from '../support/server-url.js';
import { type Faulty, type Federation, servePeople } from './federation.js';
import { faultyCsv, faultyJson, faultySqlite } from './files.js';
import { placeInfluxdb } from './influxdb.js';
import { placeMongodb } from './mongodb.js';
import { placeMysql } from './mysql.js';
import { placeNeo4j } from './neo4j.js';
import { people } from './people.js';
import { placePostgres } from './postgres.js';

type Placed = { readonly direct: string; readonly table: string };
type Place = readonly [(server: string) => Promise<Placed>, (location: SourceLocation) => Adapter];

const kinds: Readonly<Record<ServerKind, Place>> = {
  influxdb: [placeInfluxdb, openInfluxdb],
  mongodb: [
    async (server) => {
      const placed = await placeMongodb(server);
      await placed.admin.close();
      return placed;
    },
    openMongodb,
  ],
  mysql: [
    async (server) => {
      const placed = await placeMysql(server);
      await placed.admin.end();
      return placed;
    },
    openMysql,
  ],
  neo4j: [
    async (server) => {
      const placed = await placeNeo4j(server);
      await placed.admin.close();
      return placed;
    },
    openNeo4j,
  ],
  postgres: [
    async (server) => {
      const placed = await placePostgres(server);
      await placed.admin.end();
      await placed.maker.end();
      return placed;
    },
    openPostgres,
  ],
};
const kindsKilled = Object.keys(kinds) as ServerKind[];
const timeoutMs = 50_000;
const file = new URL('../cases/killed-servers.txt', import.meta.url);

// It has servers of its own; where none can be started, no server is named either.
serverUrl('HEALTHSYNC_TEST_NEO4J_URL');

const servers = new Map<ServerKind, OwnServer>();
let federation: Federation;
const closing: (() => Promise<void>)[] = [];
beforeAll(async () => {
  const sources: Faulty[] = [];
  for (const [kind, open] of Object.entries({ csv: faultyCsv, json: faultyJson, sqlite: faultySqlite })) {
    const source = await open();
    closing.push(source.close);
    sources.push({ name: kind, adapter: source.open(timeoutMs), table: source.table, required: false, timeoutMs });
  }
  await Promise.all(
    kindsKilled.map(async (name) => {
      const server = await ownServer(name, { signIn: true });
      servers.set(name, server);
      closing.push(server.close);
    }),
  );
  for (const name of kindsKilled) {
    const [place, open] = kinds[name];
    const { direct, table } = await place(servers.get(name)!.url);
    sources.push({ name, adapter: open({ name, location: direct, timeoutMs }), table, required: false, timeoutMs });
  }
  federation = await servePeople(sources);
}, 180_000);
afterAll(async () => {
  await federation?.stop();
  for (const close of closing) await close();
}, 60_000);

const perPage = 16;
const search = `Patient?_sort=family&_count=${perPage}`;

interface Page {
  readonly ids: readonly string[];
  readonly families: readonly string[];
  /** Source -> the codes that are said of it. */
  readonly named: Readonly<Record<string, string>>;
  readonly next: string | undefined;
}

async function ask(url: string): Promise<Page> {
  const response = await fetch(url);
  expect(response.status).toBe(200);
  const { entry = [], link = [] } = (await response.json()) as Bundle;
  const matches = entry.flatMap(({ search: how, resource }) =>
    how?.mode === 'match' && resource?.resourceType === 'Patient' ? [resource] : [],
  );
  const named: Record<string, string> = {};
  for (const { search: how, resource } of entry) {
    if (how?.mode !== 'outcome') continue;
    for (const { details } of (resource as OperationOutcome).issue) {
      const [code, source] = details!.coding!.map((coding) => coding.code!);
      if (code !== 'incomplete' || !(source! in named)) named[source!] = code!;
    }
  }
  return {
    ids: matches.map(({ id }) => id!),
    families: matches.map(({ name }) => name![0]!.family!),
    named,
    next: link.find(({ relation }) => relation === 'next')?.url,
  };
}

function told(page: number, { ids, named }: Page): string {
  const counts = new Map<string, number>();
  for (const id of ids) {
    const source = id.slice(0, id.indexOf('.'));
    counts.set(source, (counts.get(source) ?? 0) + 1);
  }
  const from = [...counts].map(([source, count]) => `${source} ${count}`).join(', ');
  const missing = Object.entries(named).map(([source, code]) => `${source} (${code})`);
  return `page ${page}: ${from}; ${missing.length === 0 ? 'nothing is missing' : `missing: ${missing.join(', ')}`}`;
}

test('each server is killed and started again while a client pages', async () => {
  const whole: string[] = [];
  for (let url: string | undefined = `${federation.baseUrl}/${search}`; url !== undefined; ) {
    const page: Page = await ask(url);
    expect(page.named).toEqual({});
    whole.push(...page.ids);
    url = page.next;
  }
  expect(new Set(whole).size).toBe(people.length * 8);
  expect(whole).toHaveLength(people.length * 8);

  const transcript: string[] = [];
  const seen: string[] = [];
  const families: string[] = [];
  const gone: ServerKind[] = [];
  let number = 0;
  let url: string | undefined = `${federation.baseUrl}/${search}`;
  const turn = async () => {
    const page = await ask(url!);
    number++;
    transcript.push(told(number, page));
    // Whatever failed before is named on every page until the end.
    expect([transcript.at(-1), ...Object.keys(page.named).sort()]).toEqual([transcript.at(-1), ...[...gone].sort()]);
    for (const source of gone) expect(page.ids.filter((id) => id.startsWith(`${source}.`))).toEqual([]);
    seen.push(...page.ids);
    families.push(...page.families);
    url = page.next;
  };
  const seenBefore = new Map<ServerKind, number>();
  await turn();
  for (const kind of kindsKilled) {
    const server = servers.get(kind)!;
    seenBefore.set(kind, seen.length);
    server.kill();
    gone.push(kind);
    transcript.push(`${kind} is killed`);
    await turn();
    await server.start();
    transcript.push(`${kind} is started again`);
    await turn();
  }
  while (url !== undefined) await turn();

  // Once each, in the one order, and nothing lost but what the killed servers held from then on.
  expect(new Set(seen).size).toBe(seen.length);
  expect(families).toEqual([...families].sort());
  const lost = new Set(
    kindsKilled.flatMap((kind) => {
      const before = new Set(seen.slice(0, seenBefore.get(kind)));
      return whole.filter((id) => id.startsWith(`${kind}.`) && !before.has(id));
    }),
  );
  expect(seen).toEqual(whole.filter((id) => !lost.has(id)));

  number = 0;
  url = `${federation.baseUrl}/${search}`;
  gone.length = 0;
  transcript.push('the search is begun anew');
  seen.length = 0;
  while (url !== undefined) await turn();
  expect(seen).toEqual(whole);
  const text = `${transcript.join('\n')}\n`;
  process.stdout.write(text);
  if (process.env.HEALTHSYNC_WRITE_FAULTS === '1') writeFileSync(file, text);
  expect(text).toBe(readFileSync(file, 'utf8'));
}, 180_000);
