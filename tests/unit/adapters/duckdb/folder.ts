import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openDuckdb } from '#src/adapters/duckdb/adapter.js';
import type { Adapter, Call, Scan } from '#src/source/adapter.js';
import type { TableRelation } from '#src/source/relation.js';
import type { Row } from '#src/source/row.js';
import { TRUE } from '#src/source/selection.js';

/** A folder of its own with an adapter over it; both are gone after `run`. */
export async function inFolder(
  files: Readonly<Record<string, string | Buffer>>,
  run: (
    adapter: Adapter,
    put: (name: string, content: string | Buffer) => Promise<void>,
    folder: string,
  ) => Promise<void>,
  encoding?: string,
): Promise<void> {
  const folder = await mkdtemp(join(tmpdir(), 'duckdb-'));
  const put = (name: string, content: string | Buffer) => writeFile(join(folder, name), content);
  for (const [name, content] of Object.entries(files)) await put(name, content);
  const adapter = openDuckdb({ name: 'his', location: folder, timeoutMs: 60_000, ...(encoding && { encoding }) });
  try {
    await run(adapter, put, folder);
  } finally {
    await adapter.close();
    await rm(folder, { recursive: true, force: true });
  }
}

export const patient = (): Call => ({ signal: new AbortController().signal, deadline: performance.now() + 60_000 });

export function table(
  name: string,
  key: readonly string[],
  columns: Readonly<Record<string, readonly string[]>>,
): TableRelation {
  const entries = Object.entries(columns).map(([column, path]) => [column, { name: column, path }] as const);
  return { kind: 'table', name, key, columns: Object.fromEntries(entries) };
}

export const scanOf = (relation: TableRelation, more: Partial<Scan> = {}): Scan => ({
  relation,
  output: Object.keys(relation.columns).map((column) => ({ kind: 'column', column })),
  where: TRUE,
  order: [],
  ...more,
});

export async function rowsOf(adapter: Adapter, scan: Scan, call = patient()): Promise<Row[]> {
  const rows: Row[] = [];
  for await (const batch of adapter.scan(scan, call)) rows.push(...batch.rows);
  return rows;
}
