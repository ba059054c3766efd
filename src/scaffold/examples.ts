import { basename } from 'node:path';
import { openMemory } from '../adapters/memory/adapter.js';
import type { MemoryTable } from '../adapters/memory/relations.js';
import { compileSource } from '../execution/create-engine.js';
import { exampleIds } from '../identity/stored-ids.js';
import type { CompiledMapping } from '../mapping/compile.js';
import { loadMappings } from '../mapping/load-folder.js';
import type { TableRelation } from '../source/relation.js';
import type { Cell } from '../source/row.js';
import type { Draft } from './draft.js';
import { syntheticKey } from './reading.js';

type Rows = Record<string, readonly Record<string, unknown>[]>;

/** For each mapping of a folder that was written, the text of its example: a made-up row, and what the mapping makes of it. */
export async function examples(folder: string, drafts: readonly Draft[]): Promise<ReadonlyMap<string, string>> {
  const mappings = await loadMappings(folder);
  const compiled = compileSource(
    { name: basename(folder), timeZone: 'UTC', mappings },
    'http://127.0.0.1/fhir',
    exampleIds(),
  );
  const found = new Map<string, string>();
  for (const draft of drafts) {
    const rows = rowsOf(draft);
    const resources = await make(compiled.find(({ name }) => name === draft.name)!, rows);
    found.set(draft.name, `${JSON.stringify({ mapping: draft.name, rows, resources }, null, 2)}\n`);
  }
  return found;
}

function rowsOf({ planned, used }: Draft): Rows {
  const row: Record<string, unknown> = {};
  for (const [{ path }, cell] of used) put(row, path, cell);
  const { unwind, name } = planned.table;
  if (unwind !== undefined) inArray(row, unwind.split('.'));
  const rows: Rows = { [name]: [row] };
  for (const { target, dangling } of Object.values(planned.links)) {
    if (!target || !dangling) continue;
    const referred: Record<string, unknown> = {};
    put(referred, target.key.path, syntheticKey(target.key));
    rows[target.table.name] ??= [referred];
  }
  return rows;
}

function put(fields: Record<string, unknown>, [step, ...rest]: readonly string[], cell: Cell): void {
  if (rest.length === 0) {
    fields[step!] = cell;
    return;
  }
  fields[step!] ??= {};
  put(fields[step!] as Record<string, unknown>, rest, cell);
}

function inArray(fields: Record<string, unknown>, [step, ...rest]: readonly string[]): void {
  if (rest.length > 0) inArray(fields[step!] as Record<string, unknown>, rest);
  else fields[step!] = [fields[step!]];
}

async function make(mapping: CompiledMapping, rows: Rows): Promise<readonly object[]> {
  const { relation, output, exists, read } = mapping;
  const adapter = openMemory(
    tables(rows, [
      relation,
      ...output.flatMap((one) => (one.kind === 'column' ? [] : [one.relation])),
    ] as TableRelation[]),
  );
  const order = relation.key.map((column) => ({ of: { column, as: 'raw' as const }, direction: 'asc' as const }));
  const call = { signal: new AbortController().signal, deadline: Number.POSITIVE_INFINITY };
  const made: object[] = [];
  for await (const batch of adapter.scan({ relation, output, where: exists, order }, call)) {
    for (const row of batch.rows) {
      const resource = read(row, () => {});
      if (resource) made.push(withoutMeta(resource));
    }
  }
  return made;
}

function tables(rows: Rows, relations: readonly TableRelation[]): Record<string, MemoryTable> {
  return Object.fromEntries(
    relations.map(({ name, columns }) => {
      const names = [...new Set(Object.values(columns).map(({ path }) => path[0]!))];
      return [
        name,
        { columns: names, rows: (rows[name] ?? []).map((row) => names.map((column) => (row[column] ?? null) as Cell)) },
      ];
    }),
  );
}

function withoutMeta(resource: object): object {
  const { meta: _, ...rest } = JSON.parse(JSON.stringify(resource)) as { readonly meta?: unknown };
  return rest;
}
