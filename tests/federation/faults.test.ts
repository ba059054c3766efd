import { randomBytes } from 'node:crypto';
import {
  closeSync,
  copyFileSync,
  openSync,
  readFileSync,
  renameSync,
  statSync,
  truncateSync,
  writeFileSync,
  writeSync,
} from 'node:fs';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, test } from '@jest/globals';
import type { Bundle, OperationOutcome } from '@medplum/fhirtypes';
import { local } from '#src/access/caller.js';
import { restrict } from '#src/access/restrict.js';
import { openDuckdb } from '#src/adapters/duckdb/adapter.js';
import { openSqlite } from '#src/adapters/sqlite/adapter.js';
import { createEngine } from '#src/execution/create-engine.js';
import { loadMappings } from '#src/mapping/load-folder.js';
import { parse } from '#src/search/parse.js';
import type { Adapter } from '#src/source/adapter.js';
import { type DemoServer, startDemo } from '../support/demo-server.js';
import { root } from '../support/source-tree.js';

let server: DemoServer;
beforeAll(async () => {
  server = await startDemo({ seed: 3, patients: 120 });
});
afterAll(() => server.stop());

const sourcesOf = (bundle: Bundle) =>
  [
    ...new Set(
      (bundle.entry ?? []).filter((e) => e.search?.mode === 'match').map((e) => e.resource!.id!.split('.')[0]!),
    ),
  ].sort();
/** The sources that a Bundle says are missing; rows that a source serves only in part are another matter. */
const namedIn = (bundle: Bundle) => {
  const outcome = (bundle.entry ?? []).find((entry) => entry.search?.mode === 'outcome')?.resource as
    | OperationOutcome
    | undefined;
  const coded = (outcome?.issue ?? []).map((issue) => (issue.details?.coding ?? []).map(({ code }) => code!));
  return [
    ...new Set(
      coded
        .filter((codes) => !codes.includes('undecodable'))
        .flatMap((codes) => codes.filter((code) => code.startsWith('his-'))),
    ),
  ];
};

/** A way to stop reading a source, and to give it back. */
const harms = [
  {
    name: 'the file is away',
    source: 'his-b',
    file: 'his-b/patients.json',
    harm: (path: string) => renameSync(path, `${path}.away`),
  },
  {
    name: 'a JSON document ends within a record',
    source: 'his-b',
    file: 'his-b/patients.json',
    harm: (path: string) => truncateSync(path, Math.floor(statSync(path).size / 2)),
  },
  {
    name: 'a CSV ends within a quoted record',
    source: 'his-c',
    file: 'his-c/patients.csv',
    harm: (path: string) => writeFileSync(path, `${readFileSync(path, 'utf8')}"never closed`),
  },
  {
    name: 'the file is away',
    source: 'his-d',
    file: 'his-d/hospital.db',
    harm: (path: string) => renameSync(path, `${path}.away`),
  },
  {
    name: 'the database is garbage',
    source: 'his-a',
    file: 'his-a/hospital.db',
    harm: (path: string) => {
      renameSync(path, `${path}.away`);
      copyFileSync(`${path}.away`, path);
      const file = openSync(path, 'r+');
      writeSync(file, Buffer.alloc(8192, 0x5a), 0, 8192, 0);
      closeSync(file);
    },
  },
] as const;

describe.each(harms)('rule 98: $source: $name', ({ source, file, harm }) => {
  const path = () => join(server.folder, file);
  afterEach(() => renameSync(`${path()}.kept`, path()));

  test('is named, refused under strict, and comes back without a restart', async () => {
    copyFileSync(path(), `${path()}.kept`);
    const whole = await server.search('Patient?_count=500');
    expect(sourcesOf(whole)).toEqual(['his-a', 'his-b', 'his-c', 'his-d']);
    expect(namedIn(whole)).toEqual([]);
    harm(path());

    const partial = await server.search('Patient?_count=500&_total=accurate');
    expect(sourcesOf(partial)).toEqual(['his-a', 'his-b', 'his-c', 'his-d'].filter((name) => name !== source));
    expect(namedIn(partial)).toEqual([source]);
    expect(partial.total).toBeUndefined();
    const others = (bundle: Bundle) =>
      (bundle.entry ?? [])
        .filter((e) => e.search?.mode === 'match' && !e.resource!.id!.startsWith(source))
        .map((e) => e.resource!.id);
    expect(others(partial)).toEqual(others(whole));

    const strict = await server.get('Patient?_count=500', { prefer: 'handling=strict' });
    expect(strict.status).toBe(503);
    const outcome = (await strict.json()) as OperationOutcome;
    expect(outcome.issue[0]!.severity).toBe('error');
    expect(JSON.stringify(outcome)).toContain(source);

    const lost = (whole.entry ?? []).find((entry) => entry.resource!.id!.startsWith(source))!.resource!.id;
    // Never 404 for what a source that is away may hold.
    expect((await server.get(`Patient/${lost}`)).status).toBe(503);

    copyFileSync(`${path()}.kept`, `${path()}.new`);
    renameSync(`${path()}.new`, path());
    const again = await server.search('Patient?_count=500');
    expect(namedIn(again)).toEqual([]);
    expect(sourcesOf(again)).toEqual(['his-a', 'his-b', 'his-c', 'his-d']);
  });
});

describe('a source that fails between pages', () => {
  const path = () => join(server.folder, 'his-c/patients.csv');
  afterEach(() => renameSync(`${path()}.kept`, path()));

  test('stays out of the traversal, and is named on every page', async () => {
    copyFileSync(path(), `${path()}.kept`);
    const whole = await server.all('Patient?_sort=birthdate&_count=500');
    const first = await server.search('Patient?_sort=birthdate&_count=10');
    renameSync(path(), `${path()}.away`);
    const seen = (first.entry ?? []).map((entry) => entry.resource!.id!);
    let next = first.link?.find(({ relation }) => relation === 'next')?.url;
    for (let page = 2; next !== undefined; page++) {
      const bundle = await server.search(next);
      expect(namedIn(bundle)).toEqual(['his-c']);
      for (const entry of bundle.entry ?? []) if (entry.search?.mode === 'match') seen.push(entry.resource!.id!);
      // It is back, but the order of what is gone by cannot be mended.
      if (page === 3) copyFileSync(`${path()}.kept`, path());
      next = bundle.link?.find(({ relation }) => relation === 'next')?.url;
    }
    const firstIds = new Set((first.entry ?? []).map((entry) => entry.resource!.id));
    expect(seen).toEqual(whole.map(({ id }) => id!).filter((id) => !id.startsWith('his-c') || firstIds.has(id)));
  });
});

describe('a slow source', () => {
  /** The real adapter, each answer held back. */
  const slowed = (adapter: Adapter, ms: number): Adapter => {
    const slow: Adapter = Object.create(adapter, {});
    slow.scanAtOnce = () => undefined;
    slow.scan = async function* (scan, call) {
      await new Promise((resolve) => setTimeout(resolve, ms));
      yield* adapter.scan(scan, call);
    };
    return slow;
  };

  const ask = async (required: boolean, strict: boolean) => {
    const location = (name: string) => join(server.folder, name);
    const a = openSqlite({ name: 'his-a', location: location('his-a/hospital.db'), timeoutMs: 2000 });
    const b = openDuckdb({ name: 'his-b', location: location('his-b'), timeoutMs: 2000 });
    const setting = { timeZone: 'Asia/Kolkata', limits: { concurrency: 8 } };
    const baseUrl = 'http://127.0.0.1/fhir';
    const engine = createEngine({
      sources: [
        {
          ...setting,
          name: 'his-a',
          adapter: a,
          mappings: await loadMappings(join(root, 'mappings/his-a')),
          required: false,
          timeoutMs: 5000,
        },
        {
          ...setting,
          name: 'his-b',
          adapter: slowed(b, 1500),
          mappings: await loadMappings(join(root, 'mappings/his-b')),
          required,
          timeoutMs: 200,
        },
      ],
      baseUrl,
      limits: { rows: 20_000, deadlineMs: 10_000 },
      cursorKey: randomBytes(32),
      randomBytes,
    });
    try {
      const now = new Date('2024-01-01T00:00:00Z');
      const { query } = parse('Patient', [['_count', '3']], {
        baseUrl,
        now,
        maxCount: 100,
        defaultCount: 20,
        handling: 'none',
        supported: (type) => engine.types.get(type)!.parameters,
      });
      return await engine.search(restrict(query, local), { signal: new AbortController().signal, strict, now });
    } finally {
      await engine.close();
    }
  };

  test('is given up at its own deadline and named', async () => {
    const page = await ask(false, false);
    expect(page.matches).toHaveLength(3);
    expect(page.issues).toMatchObject([{ code: 'source-timeout', place: { source: 'his-b' } }]);
  });

  test.each([
    { required: true, strict: false },
    { required: false, strict: true },
  ])('is a refusal: %p', async ({ required, strict }) => {
    await expect(ask(required, strict)).rejects.toMatchObject({ code: 'source-timeout', place: { source: 'his-b' } });
  });
});
