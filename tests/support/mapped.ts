import { randomBytes } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Resource } from '@medplum/fhirtypes';
import Database from 'better-sqlite3';
import { local } from '#src/access/caller.js';
import { permitRead, restrict } from '#src/access/restrict.js';
import { openMemory } from '#src/adapters/memory/adapter.js';
import { openSqlite } from '#src/adapters/sqlite/adapter.js';
import { createEngine } from '#src/execution/create-engine.js';
import type { Page } from '#src/execution/engine.js';
import { exampleIds } from '#src/identity/stored-ids.js';
import type { Mapping } from '#src/mapping/index.js';
import { parse } from '#src/search/parse.js';
import type { Cell } from '#src/source/row.js';

export type Tables = Readonly<
  Record<string, { readonly columns: readonly string[]; readonly rows: readonly (readonly Cell[])[] }>
>;

export interface Mapped {
  /** One request: `Type?name=value&...`. */
  search(query: string): Promise<Page>;
  read(type: string, id: string): Promise<Resource>;
  /** The ids that it answers, without `source.`. */
  ids(query: string): Promise<string>;
  /** How many scans have been asked of the source. */
  scans(): number;
  close(): Promise<void>;
}

export const kinds = ['memory', 'sqlite'] as const;

/** Mappings over small tables, in memory or in a SQLite file of columns without types. */
export function mapped(
  kind: (typeof kinds)[number],
  tables: Tables,
  mappings: readonly Mapping[],
  pushdown = true,
): Mapped {
  const folder = mkdtempSync(join(tmpdir(), 'healthsync-mapped-'));
  const baseUrl = 'http://127.0.0.1:3000/fhir';
  const adapter =
    kind === 'memory'
      ? openMemory(tables)
      : openSqlite({ name: 's', location: written(join(folder, 's.db'), tables), timeoutMs: 5_000 });
  let scans = 0;
  const scan = adapter.scan.bind(adapter);
  adapter.scan = (asked, call) => {
    scans++;
    return scan(asked, call);
  };
  const engine = createEngine({
    sources: [
      {
        name: 's',
        adapter,
        mappings: { folder: '', mappings, conceptMaps: new Map() },
        required: true,
        timeZone: 'UTC',
        timeoutMs: 5_000,
        limits: { concurrency: 4 },
      },
    ],
    baseUrl,
    limits: { rows: 10_000, deadlineMs: 10_000 },
    cursorKey: Buffer.alloc(32, 1),
    randomBytes,
    ids: exampleIds(),
    pushdown,
  });
  const now = new Date('2026-01-01T00:00:00Z');
  const search = async (query: string) => {
    const [type, text = ''] = query.split('?') as [string, string?];
    const supported = (of: string) => engine.types.get(of)?.parameters ?? new Map();
    const context = { baseUrl, now, maxCount: 100, defaultCount: 100, handling: 'none', supported } as const;
    const { query: parsed } = parse(type, [...new URLSearchParams(text)], context);
    return engine.search(restrict(parsed, local), { signal: new AbortController().signal, strict: true, now });
  };
  return {
    search,
    scans: () => scans,
    ids: async (query) => (await search(query)).matches.map(({ id }) => id!.slice('s.'.length)).join(' '),
    read: async (type, id) =>
      (await engine.read(permitRead(type, id, local), { signal: new AbortController().signal, strict: false, now }))
        .resource,
    close: async () => {
      await engine.close();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

function written(path: string, tables: Tables): string {
  const database = new Database(path);
  for (const [name, { columns, rows }] of Object.entries(tables)) {
    database.exec(`CREATE TABLE ${name} (${columns.join(', ')})`);
    const insert = database.prepare(`INSERT INTO ${name} VALUES (${columns.map(() => '?').join(', ')})`);
    for (const row of rows) insert.run(row);
  }
  database.close();
  return path;
}
