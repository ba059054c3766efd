import { mkdir, readdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { Fault } from '../errors/fault.js';
import type { Adapter, Call } from '../source/adapter.js';
import { type Draft, draft } from './draft.js';
import { examples } from './examples.js';
import { mappingModule, sourceModule } from './modules.js';
import { plan } from './planned.js';
import { readme } from './readme.js';
import { type SurveyedTable, survey } from './survey.js';

export interface ScaffoldSetting {
  /** Name of the source, and the folder's. */
  readonly source: string;
  /** Absolute path of the folder to write; it must not be there, or be empty. */
  readonly out: string;
  /** Text of `healthsync.yaml`, which serves the folder. */
  readonly configuration: string;
  /** The variable of the environment that `configuration` takes its password from. */
  readonly variable?: string;
  readonly call: () => Call;
}

export interface Scaffolded {
  /** What is served: resource type and table. */
  readonly served: readonly { readonly type: string; readonly table: string; readonly decisions: number }[];
  readonly left: readonly { readonly table: string; readonly reason: string }[];
}

/**
 * Reads the live schema of a database and writes a mapping folder that serves what names and types make certain. Sampled rows
 * stay in memory. Throws a Fault `configuration` when the folder holds something, a source fault when the database does not answer;
 * writes nothing when no table is certain.
 */
export async function scaffold(adapter: Adapter, setting: ScaffoldSetting): Promise<Scaffolded> {
  const { source, out, call } = setting;
  await mustBeEmpty(out);
  const tables = await survey(adapter, call);
  const { planned, left: unknown } = await plan(tables, adapter, call);
  const { drafts, left: refused } = draft(planned, source);
  const left = [...unknown, ...refused.map(({ planned: { table }, reason }) => ({ table, reason }))];
  if (drafts.length > 0) await write(drafts, tables, left, setting);
  return {
    served: drafts.map(({ planned, decisions }) => ({
      type: planned.kind,
      table: placeOf(planned.table),
      decisions: decisions.length,
    })),
    left: left.map(({ table, reason }) => ({ table: placeOf(table), reason })),
  };
}

function placeOf({ name, unwind }: SurveyedTable): string {
  return unwind === undefined ? name : `${name}.${unwind}[]`;
}

async function mustBeEmpty(folder: string): Promise<void> {
  const held = await readdir(folder).catch((cause: { readonly code?: string }) => {
    if (cause.code === 'ENOENT') return [];
    throw new Fault('configuration', `${folder} cannot be written to.`, {}, { cause });
  });
  if (held.length > 0) throw new Fault('configuration', `${folder} is there, and not empty: nothing is overwritten.`);
}

async function write(
  drafts: readonly Draft[],
  tables: readonly SurveyedTable[],
  left: readonly { readonly table: SurveyedTable; readonly reason: string }[],
  { source, out, configuration, variable }: ScaffoldSetting,
): Promise<void> {
  await mkdir(join(out, 'examples'), { recursive: true });
  const put = (file: string, text: string) => writeFile(join(out, file), text);
  await put('source.ts', sourceModule(drafts, left));
  for (const one of drafts) await put(`${one.name}.ts`, mappingModule(one, unmappedOf(one, drafts, tables)));
  for (const [name, text] of await examples(out, drafts)) await put(`examples/${name}.json`, text);
  await put('README.md', readme(source, drafts, left, variable));
  await put('healthsync.yaml', configuration);
}

/** Columns of a mapping's table that it does not read, and arrays that none of the mappings takes apart. */
function unmappedOf(
  { planned: { table }, used }: Draft,
  drafts: readonly Draft[],
  tables: readonly SurveyedTable[],
): readonly string[] {
  const apart = new Set(
    drafts.flatMap(({ planned }) => (planned.table.name === table.name ? (planned.table.unwind ?? []) : [])),
  );
  const document = tables.find(({ name, unwind }) => name === table.name && unwind === undefined)!;
  const first = drafts.find(({ planned }) => planned.table.name === table.name)!;
  const beside = first.planned.table === table ? othersOf(document, drafts) : [];
  return [
    ...table.columns.filter((column) => !used.has(column)).map(({ name }) => name),
    ...table.arrays.filter((array) => !apart.has(array)),
    ...beside.filter((path) => !apart.has(path)),
  ];
}

/** What a document holds beside the arrays that are taken apart, when no mapping is of the document itself. */
function othersOf(document: SurveyedTable, drafts: readonly Draft[]): readonly string[] {
  if (drafts.some(({ planned }) => planned.table === document)) return [];
  const keys = new Set(
    drafts.flatMap(({ planned }) => (planned.table.name === document.name ? [planned.key.path.join('.')] : [])),
  );
  return [...document.columns.map(({ path }) => path.join('.')).filter((path) => !keys.has(path)), ...document.arrays];
}
