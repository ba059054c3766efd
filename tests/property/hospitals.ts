import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import Database from 'better-sqlite3';
import { createJiti } from 'jiti';
import { generate } from '#demo/generate.js';
import { openDuckdb } from '#src/adapters/duckdb/adapter.js';
import { openMemory } from '#src/adapters/memory/adapter.js';
import * as language from '#src/mapping/index.js';
import { loadMappings, type MappingFolder } from '#src/mapping/load-folder.js';
import type { Adapter, Output } from '#src/source/adapter.js';
import type { TableRelation } from '#src/source/relation.js';
import type { Row } from '#src/source/row.js';
import type { ColumnKind } from '../oracle/dirty.js';
import * as laboratory from './laboratory/rows.js';
import * as ward from './ward/rows.js';

export const names = ['his-a', 'his-b', 'his-c', 'his-d', 'laboratory', 'ward'] as const;
export type Name = (typeof names)[number];
export type Form = 'sqlite' | 'json' | 'csv';
export const forms: Readonly<Record<Name, Form>> = {
  'his-a': 'sqlite',
  'his-b': 'json',
  'his-c': 'csv',
  'his-d': 'sqlite',
  laboratory: 'sqlite',
  ward: 'sqlite',
};

/** Those whose rows are invented here, keys and all. */
const invented: Readonly<Partial<Record<Name, Pick<typeof laboratory, 'rows' | 'declarations'>>>> = {
  laboratory,
  ward,
};

/** A table of a hospital: what its columns are meant to hold, and rows as its clerks write them. */
export interface HospitalTable {
  readonly relation: TableRelation;
  readonly columns: readonly { readonly name: string; readonly kind: ColumnKind }[];
  readonly rows: readonly Row[];
  /** How the hospital declares it, where it is a database. */
  readonly declaration?: string;
}

/** Are keys drawn as they are written? */
export const isInvented = (name: Name): boolean => name in invented;

export interface Hospital {
  readonly name: Name;
  readonly folder: MappingFolder;
  readonly tables: readonly HospitalTable[];
}

const folder = (name: Name) => new URL(name in invented ? name : `../../mappings/${name}`, import.meta.url).pathname;

/** The four hospitals, with rows that the demo generator made, and a laboratory and a ward for what none of them has. */
export async function hospitals(): Promise<readonly Hospital[]> {
  const out = mkdtempSync(join(tmpdir(), 'healthsync-hospitals-'));
  try {
    await generate({ seed: 11, patients: 240, out });
    return await Promise.all(names.map((name) => hospital(name, join(out, name))));
  } finally {
    rmSync(out, { recursive: true, force: true });
  }
}

async function hospital(name: Name, location: string): Promise<Hospital> {
  const jiti = createJiti(import.meta.url, {
    virtualModules: { 'healthsync/mapping': language },
    interopDefault: false,
  });
  const source = await jiti.import<Record<string, unknown>>(join(folder(name), 'source.ts'));
  const described = Object.values(source).filter(isTable);
  const made = invented[name];
  if (made) {
    const tables = described.map((of) =>
      tableOf(of, made.rows[of.relation.name]!, made.declarations[of.relation.name]),
    );
    return { name, folder: await loadMappings(folder(name)), tables };
  }
  const declared = forms[name] === 'sqlite' ? declaredBy(join(location, 'hospital.db')) : undefined;
  const adapter = declared ? openMemory(declared.tables) : openDuckdb({ name, location, timeoutMs: 10_000 });
  const tables = await Promise.all(
    described.map(async (of) => tableOf(of, await readAll(adapter, of.relation), declared?.sql.get(of.relation.name))),
  );
  await adapter.close();
  return { name, folder: await loadMappings(folder(name)), tables };
}

type TableRows = language.Rows<Readonly<Record<string, language.ColumnDefinition>>, TableRelation>;

function isTable(value: unknown): value is TableRows {
  return value instanceof language.Rows && value.relation.kind === 'table';
}

function declaredBy(path: string) {
  const database = new Database(path, { readonly: true });
  const sql = new Map<string, string>();
  const tables: Record<string, { columns: string[]; rows: Row[] }> = {};
  for (const { name, sql: text } of database
    .prepare(`SELECT name, sql FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite%'`)
    .all() as { name: string; sql: string }[]) {
    sql.set(name, text);
    const statement = database.prepare(`SELECT * FROM ${name}`);
    tables[name] = { columns: statement.columns().map((column) => column.name), rows: statement.raw().all() as Row[] };
  }
  database.close();
  return { sql, tables };
}

async function readAll(adapter: Adapter, relation: TableRelation): Promise<readonly Row[]> {
  const output = Object.keys(relation.columns).map((column): Output => ({ kind: 'column', column }));
  const rows: Row[] = [];
  const call = { signal: new AbortController().signal, deadline: performance.now() + 60_000 };
  for await (const batch of adapter.scan({ relation, output, where: { op: 'true' }, order: [] }, call))
    rows.push(...batch.rows);
  return rows;
}

function tableOf({ relation, types }: TableRows, held: readonly Row[], declaration: string | undefined): HospitalTable {
  const columns = Object.keys(relation.columns).map((name, i) => {
    const type = types[name]!;
    const different = new Set(held.map((row) => row[i])).size;
    const kind: ColumnKind = /phone|^contact$/.test(name)
      ? 'phone'
      : type === 'text' && different <= 12
        ? 'code'
        : type === 'json'
          ? 'text'
          : type === 'instant'
            ? 'dateTime'
            : type;
    return { name, kind };
  });
  return { relation, columns, rows: held, ...(declaration !== undefined && { declaration }) };
}
