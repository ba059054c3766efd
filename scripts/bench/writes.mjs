import { deepStrictEqual } from 'node:assert';
import { execFile } from 'node:child_process';
import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { compileSource } from '#src/execution/create-engine.js';
import { loadMappings } from '#src/mapping/load-folder.js';
import { freePort, median, start, startServer } from './processes.mjs';
import { answered, columns, kinds, THERE, TOGETHER } from './writes/people.mjs';
import { stores } from './writes/stores.mjs';

const run = promisify(execFile);
const root = new URL('../../', import.meta.url).pathname;
const here = new URL('./writes/', import.meta.url).pathname;
const CONNECTIONS = 16;
/** Creates a second of servers that keep their own data, with 16 connections. */
const others = { Helios: 1064, HAPI: 544 };
/** Milliseconds: nothing may end early that is only slow. */
const patience = 60_000;

/**
 * Writes of each kind against the floor, in turns over one database. `url`: of its server, where there is one; `where`: the folder of
 * its file, and of the server's records.
 */
export async function writes({ kind, name = kind, url, rounds, seconds, where = join(root, '.cache', 'bench') }) {
  const folder = join(where, 'writes', kind);
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder, { recursive: true });
  const store = await stores[kind](url, folder);
  const port = await freePort();
  const base = `http://127.0.0.1:${port}/fhir`;
  const mapping = await described(base);
  const floor = await start(
    [join(here, 'floor.mjs'), JSON.stringify({ kind, location: store.location, base, mapping })],
    /^(\d+)\n/,
  );
  const server = await startServer(configured(folder, kind, store.location, port));
  const sides = { bare: floor, ours: server };
  /** Each request is of another number. */
  let next = THERE;
  try {
    const rows = [];
    for (const what of Object.keys(kinds)) {
      // Those of a transaction stand for a hundred people each.
      if (kinds[what].adds === TOGETHER) next = Math.ceil(next / TOGETHER) + 1;
      // A few of the great ones may take longer than a round.
      const lasts = kinds[what].adds === TOGETHER ? { amount: 2 * CONNECTIONS } : { seconds };
      const measured = [];
      for (const side of ['bare', 'ours']) await alike(what, next++, sides[side], store, mapping);
      for (let round = 0; round <= rounds; round++) {
        const found = {};
        for (const side of ['bare', 'ours']) {
          found[side] = await written(what, next, sides[side], store, lasts);
          next = found[side].next;
        }
        // The first round is to get warm.
        if (round > 0) measured.push(found);
      }
      rows.push(shown(`${name}: ${what}`, measured, kinds[what].adds === 1));
      process.stderr.write(`  ${what}: ${rows.at(-1).ours}, ${rows.at(-1).floor}; ${rows.at(-1).note}\n`);
    }
    return rows;
  } finally {
    await server.stop();
    await floor.stop();
    await store.close();
  }
}

/** The hash that versions begin with, and the columns in their order. */
async function described(base) {
  const mappings = await loadMappings(join(here, 'register'));
  const [{ hash, output }] = compileSource({ name: 'register', timeZone: 'UTC', mappings }, base);
  return { hash, columns: output.map(({ column }) => column) };
}

function configured(folder, adapter, location, port) {
  const file = join(folder, 'site.json');
  const source = {
    name: 'register',
    adapter,
    location,
    mappings: join(here, 'register'),
    write: true,
    timeoutMs: patience,
  };
  const server = {
    port,
    baseUrl: `http://127.0.0.1:${port}/fhir`,
    stateFolder: join(folder, 'state'),
    limits: { deadlineMs: patience },
  };
  writeFileSync(file, JSON.stringify({ server, sources: [source] }));
  return file;
}

/** Is the answer what it is to be, to the letter, and the row too? */
async function alike(what, n, { port }, store, mapping) {
  const { path, ...asked } = kinds[what].request(n);
  const answer = await fetch(`http://127.0.0.1:${port}${path}`, asked);
  const found = await answer.text();
  const { resourceType, entry } = JSON.parse(found);
  const expected = answered(kinds[what].row(n), mapping);
  const resource = resourceType === 'Bundle' ? JSON.stringify(entry[n % TOGETHER].resource) : found;
  if (answer.status !== kinds[what].status || resource !== JSON.stringify(expected))
    throw new Error(`${what}: ${answer.status} ${found.slice(0, 2000)}\n${JSON.stringify(expected)}`);
  if (entry?.some(({ response }) => !response.status.startsWith('201') || !response.location || !response.etag))
    throw new Error(`${what}: ${found.slice(0, 2000)}`);
  await isKept(what, n, store);
}

/** One round of one side. Throws unless its database then holds what was acknowledged. */
async function written(what, first, { port, cpu }, store, lasts) {
  const { adds } = kinds[what];
  const before = await store.count();
  const busy = cpu();
  const { stdout } = await run(process.execPath, [
    join(here, 'load.mjs'),
    JSON.stringify({ port, kind: what, first, connections: CONNECTIONS, ...lasts }),
  ]);
  const found = JSON.parse(stdout);
  const cost = ((cpu() - busy) * 1000) / found.made;
  if (found.failed > 0 || found.made === 0)
    throw new Error(`${what}: ${found.failed} failed, ${found.made} did not\n${found.others.join('\n')}`);
  const added = (await settled(store)) - before;
  // Those that were under way when the round ended are not waited for.
  if (added < found.made * adds || added > (found.made + CONNECTIONS) * adds)
    throw new Error(`${what}: ${found.made} were acknowledged, ${added} rows added`);
  for (const n of found.acknowledged.slice(-5)) await isKept(what, n, store, found.next);
  return { ...found, cost };
}

/** The number of rows, once what was under way when the round ended has ended too. */
async function settled(store) {
  for (let last = -1; ; ) {
    const count = await store.count();
    if (count === last) return count;
    last = count;
    await new Promise((resolve) => setTimeout(resolve, 250));
  }
}

/** The row of a request is as it was asked; of one that is changed again and again, as one of those that came after has it. */
async function isKept(what, n, store, end = n + 1) {
  const { row, adds } = kinds[what];
  const there = await store.row(row(n).id);
  const held = there && Object.fromEntries(columns.map((column) => [column, there[column]]));
  const step = adds === 0 ? THERE : end;
  for (let asked = n; asked < end; asked += step)
    if (row(asked).phone === held?.phone) return deepStrictEqual(held, { ...row(asked) });
  throw new Error(`${what}: the row of request ${n} is ${JSON.stringify(held)}`);
}

function shown(figure, measured, creates) {
  const middle = (of) => median(measured.map(of));
  const rate = middle(({ ours }) => ours.rate);
  const ms = (of) => `${middle(of).toFixed(2)} ms`;
  const beside = Object.entries(others).map(
    ([name, theirs]) => `${(rate / theirs).toFixed(2)} of ${name}'s ${theirs}/s`,
  );
  return {
    figure,
    ours: `${rate.toFixed(0)}/s`,
    floor: `${middle(({ bare }) => bare.rate).toFixed(0)}/s`,
    ratio: middle(({ ours, bare }) => ours.rate / bare.rate),
    target: 0.4,
    better: 'more',
    note: [
      `p99 ${middle(({ ours }) => ours.p99)} ms, floor ${middle(({ bare }) => bare.p99)} ms`,
      `CPU ${ms(({ ours }) => ours.cost)}, floor ${ms(({ bare }) => bare.cost)}`,
      ...(creates ? beside : []),
    ].join('; '),
  };
}
