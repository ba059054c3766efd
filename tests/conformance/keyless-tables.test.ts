import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { generateServers } from '#demo/generate-servers.js';
import { serverSources } from '#demo/servers.js';
import { openSource } from '#src/compose.js';
import { type ColumnDefinition, keylessTable } from '#src/mapping/index.js';
import { numbering, ROW } from '#src/source/numbered.js';
import type { Row } from '#src/source/row.js';
import { FALSE, type Selection, TRUE } from '#src/source/selection.js';
import { ownDatabases } from '../support/own-databases.js';
import { serverUrl } from '../support/server-url.js';

const own = ownDatabases({
  mysql: serverUrl('HEALTHSYNC_TEST_MYSQL_URL'),
  postgres: serverUrl('HEALTHSYNC_TEST_POSTGRES_URL'),
  mongodb: serverUrl('HEALTHSYNC_TEST_MONGODB_URL'),
  influxdb: serverUrl('HEALTHSYNC_TEST_INFLUXDB_URL'),
  neo4j: serverUrl('HEALTHSYNC_TEST_NEO4J_URL'),
});
const texts = (...names: readonly string[]): Record<string, ColumnDefinition> =>
  Object.fromEntries(names.map((name) => [name, 'text']));

/** A table of each kind of server, some of its columns, of which many rows are equal, and a condition on one. */
const tables: readonly (readonly [
  source: string,
  table: string,
  columns: Record<string, ColumnDefinition>,
  Selection,
])[] = [
  ['registry', 'patient_changes', texts('change_type', 'old_data'), equal('change_type', 'INSERT')],
  [
    'ehr-billing',
    'admissions_non_partitioned',
    texts('hospital_department', 'treatment'),
    equal('hospital_department', 'Cardiology'),
  ],
  ['monitoring', 'patients', texts('region'), equal('region', 'North')],
  ['vitals', 'health_metrics', texts('patient', 'heart_rate'), equal('heart_rate', '72')],
  [
    'care-graph',
    '(:Doctor)-[:TREATS]->(:Patient)',
    { doctor: { path: 'start.name', type: 'text' } },
    { op: 'present', of: { column: 'doctor', as: 'text' } },
  ],
];

function equal(column: string, value: string): Selection {
  return { op: 'compare', of: { column, as: 'text' }, test: 'eq', value };
}

let folder: string;
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'healthsync-keyless-'));
  const servers = Object.fromEntries(tables.map(([source]) => [source, own.servers[source]!]));
  await generateServers({ seed: 3, patients: 300, out: folder, servers });
}, 120_000);
afterAll(async () => {
  rmSync(folder, { recursive: true, force: true });
  await own.drop();
});

test.each(tables)(
  '%s %s: each row has a key of its own, however it is asked for',
  async (source, name, columns, where) => {
    const adapter = numbering(
      await openSource({
        name: source,
        adapter: serverSources[source]!.kind,
        location: own.servers[source]!,
        mappings: '',
        required: true,
        write: false,
        timeZone: 'UTC',
        timeoutMs: 30_000,
        limits: { concurrency: 1 },
      }),
    );
    const { relation } = keylessTable(name, { columns });
    const call = () => ({ signal: new AbortController().signal, deadline: performance.now() + 30_000 });
    const output = [...Object.keys(columns), ROW].map((column) => ({ kind: 'column', column }) as const);
    const order = [{ of: { column: ROW, as: 'raw' }, direction: 'asc' }] as const;
    const all = async (selection: Selection, limit = Number.POSITIVE_INFINITY, after?: string) => {
      const rows: Row[] = [];
      const asked = {
        relation,
        output,
        order,
        limit,
        ...(after !== undefined && { after: { values: [after], inclusive: false } }),
      };
      const { scan } = adapter.narrow(asked, [selection]);
      for await (const batch of adapter.scan(scan, call())) {
        expect(batch.duplicates ?? []).toEqual([]);
        rows.push(...batch.rows);
      }
      return rows;
    };
    try {
      const every = await all(TRUE);
      const keys = every.map((row) => String(row.at(-1)));
      expect(new Set(keys).size).toBe(every.length);
      expect(keys).toEqual([...keys].sort());
      // Equal rows are there.
      expect(keys.some((key) => key.endsWith('-2'))).toBe(true);
      expect(await adapter.count(relation, TRUE, call())).toBe(every.length);
      const some = await all(where);
      expect(some.length).toBeGreaterThan(0);
      const known = new Map(every.map((row) => [row.at(-1), row]));
      for (const row of some) expect(known.get(row.at(-1)!)).toEqual(row);
      expect((await all({ op: 'not', of: where })).length).toBe(every.length - some.length);
      const pages: Row[] = [];
      for (let page = await all(where, 7); page.length > 0; page = await all(where, 7, String(page.at(-1)!.at(-1))))
        pages.push(...page);
      expect(pages).toEqual(some);
      expect((await adapter.get(relation, output, [keys[1]!], call())).rows).toEqual([every[1]]);
      expect((await adapter.get(relation, output, ['none'], call())).rows).toEqual([]);
      expect(await all(FALSE)).toEqual([]);
    } finally {
      await adapter.close();
    }
  },
  120_000,
);
