import { readdir, readFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { isDeepStrictEqual } from 'node:util';
import { openMemory } from '../adapters/memory/adapter.js';
import type { MemoryTable } from '../adapters/memory/relations.js';
import { compileSource } from '../execution/create-engine.js';
import { exampleIds } from '../identity/stored-ids.js';
import type { CompiledMapping } from '../mapping/compile.js';
import { numbering } from '../source/numbered.js';
import type { TableRelation } from '../source/relation.js';
import type { Cell } from '../source/row.js';
import { tablesRead } from './columns-read.js';
import { difference } from './difference.js';
import type { Examined } from './examined.js';
import type { Finding } from './finding.js';

/** A file of `examples/`: these rows make these resources. */
interface Example {
  readonly mapping: string;
  readonly rows: Readonly<Record<string, readonly Readonly<Record<string, unknown>>[]>>;
  readonly resources: readonly Readonly<Record<string, unknown>>[];
}

/**
 * Runs the examples of a mapping folder: rows in, through the reference adapter, resources out. Ids are those of a source that
 * has the folder's name. `meta.versionId` and `meta.source` are not compared: a change of the mapping changes every version.
 */
export async function runExamples(examined: Examined): Promise<readonly Finding[]> {
  const { name: source, folder, mappings, timeZone } = examined;
  const compiled = compileSource({ name: basename(folder), timeZone, mappings }, examined.baseUrl, exampleIds());
  const files = (await readdir(join(folder, 'examples')).catch(() => []))
    .filter((file) => file.endsWith('.json'))
    .sort();
  const findings: Finding[] = [];
  const shown = new Set<string>();
  for (const file of files) {
    const place = `examples/${file}`;
    const say = (message: string, mapping?: string) =>
      findings.push({
        severity: 'error',
        kind: 'example-differs',
        source,
        ...(mapping !== undefined && { mapping }),
        place,
        message,
      });
    const example = await readExample(join(folder, place));
    if (typeof example === 'string') {
      say(example);
      continue;
    }
    const mapping = compiled.find(({ name }) => name === example.mapping);
    if (!mapping) {
      say(`There is no mapping ${example.mapping}.`);
      continue;
    }
    shown.add(mapping.name);
    const made = await make(mapping, example, tablesRead(compiled)).catch((error: Error) => error.message);
    const differs = typeof made === 'string' ? made : compare(made, example.resources);
    if (differs !== undefined) say(differs, mapping.name);
  }
  for (const { name } of compiled) {
    if (!shown.has(name))
      findings.push({
        severity: 'warning',
        kind: 'no-example',
        source,
        mapping: name,
        place: 'examples/',
        message: 'has no example.',
      });
  }
  return findings;
}

async function readExample(path: string): Promise<Example | string> {
  try {
    const { mapping, rows, resources } = JSON.parse(await readFile(path, 'utf8')) as Partial<Example>;
    if (typeof mapping !== 'string' || typeof rows !== 'object' || !Array.isArray(resources))
      return 'An example holds "mapping", "rows" and "resources".';
    return { mapping, rows, resources };
  } catch (error) {
    return `It cannot be read: ${(error as Error).message}`;
  }
}

async function make(
  mapping: CompiledMapping,
  { rows }: Example,
  relations: readonly TableRelation[],
): Promise<readonly object[]> {
  const adapter = numbering(openMemory(tables(rows, relations)));
  const { relation, output, exists } = mapping;
  const order = relation.key.map((column) => ({ of: { column, as: 'raw' as const }, direction: 'asc' as const }));
  const call = { signal: new AbortController().signal, deadline: Number.POSITIVE_INFINITY };
  const made: object[] = [];
  for await (const batch of adapter.scan({ relation, output, where: exists, order }, call)) {
    for (const row of batch.rows) {
      const resource = mapping.read(row, () => {});
      if (resource) made.push(resource);
    }
  }
  return made;
}

/** Every table that the folder knows; one that the example leaves out is empty, and a column that it leaves out is null. */
function tables(rows: Example['rows'], relations: readonly TableRelation[]): Record<string, MemoryTable> {
  const columns = new Map<string, Set<string>>();
  for (const { name, columns: known } of relations) {
    const names = columns.get(name) ?? new Set();
    for (const { path } of Object.values(known)) names.add(path[0]!);
    columns.set(name, names);
  }
  for (const [name, all] of Object.entries(rows)) {
    const known = columns.get(name);
    if (!known) throw new RangeError(`No mapping reads a table ${name}.`);
    const strange = all.flatMap((row) => Object.keys(row)).find((column) => !known.has(column));
    if (strange !== undefined) throw new RangeError(`Table ${name} has no column ${strange}.`);
  }
  return Object.fromEntries(
    [...columns].map(([name, of]) => {
      const names = [...of];
      return [
        name,
        { columns: names, rows: (rows[name] ?? []).map((row) => names.map((column) => (row[column] ?? null) as Cell)) },
      ];
    }),
  );
}

function compare(made: readonly object[], expected: readonly object[]): string | undefined {
  const [is, should] = [made, expected].map(
    (list) => new Map(list.map((resource) => [(resource as { id?: string }).id ?? '', plain(resource)])),
  );
  for (const id of should!.keys())
    if (!is!.has(id))
      return `${id || 'A resource without id'} is not made; made: ${[...is!.keys()].join(', ') || 'nothing'}.`;
  for (const id of is!.keys()) if (!should!.has(id)) return `${id} is made, and is not in the example.`;
  for (const [id, resource] of should!) {
    if (!isDeepStrictEqual(is!.get(id), resource)) return `${id}: ${difference(is!.get(id), resource)}`;
  }
  return made.length === expected.length
    ? undefined
    : `${made.length} resources are made instead of ${expected.length}.`;
}

function plain(resource: object): unknown {
  const copy = JSON.parse(JSON.stringify(resource)) as { meta?: { versionId?: string; source?: string } };
  if (copy.meta) {
    const { versionId: _, source: __, ...meta } = copy.meta;
    if (Object.keys(meta).length === 0) delete copy.meta;
    else copy.meta = meta;
  }
  return copy;
}
