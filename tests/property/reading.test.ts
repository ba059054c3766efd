import { join } from 'node:path';
import { beforeAll, expect, test } from '@jest/globals';
import type { Resource } from '@medplum/fhirtypes';
import Database from 'better-sqlite3';
import { openMemory } from '#src/adapters/memory/adapter.js';
import type { Cell } from '#src/source/row.js';
import { drawDataSet } from './data-set.js';
import { everything, federate } from './federation.js';
import { forms, type Hospital, hospitals } from './hospitals.js';
import { inFiles, inMemory } from './materialise.js';

let all: readonly Hospital[];

beforeAll(async () => {
  all = await hospitals();
}, 60_000);

/** A database's own columns may change what is written to them: these are the cells that it holds, told by its driver. */
function held(path: string, { tables }: Hospital) {
  const database = new Database(path, { readonly: true }).defaultSafeIntegers();
  const read = tables.map(({ relation: { name } }) => {
    const statement = database.prepare(`SELECT * FROM ${name}`);
    const columns = statement.columns().map((column) => column.name);
    const rows = (statement.raw().all() as Cell[][]).map((row) => row.map(narrowed));
    return [name, { columns, rows }] as const;
  });
  database.close();
  return Object.fromEntries(read);
}

function narrowed(cell: Cell): Cell {
  return typeof cell === 'bigint' && Number.isSafeInteger(Number(cell)) ? Number(cell) : cell;
}

function unversioned(resource: Resource): unknown {
  return { ...resource, meta: { ...resource.meta, versionId: '' } };
}

test.each([101, 102, 103, 104, 105, 106])(
  'what lies in files is read as from memory: data set %i',
  async (seed) => {
    const data = drawDataSet(all, seed);
    const files = inFiles(all, data);
    const memory = inMemory(all, data);
    const databases = all
      .filter(({ name }) => forms[name] === 'sqlite')
      .map((hospital) => [
        hospital.name,
        openMemory(held(join(files.folder!, hospital.name, 'hospital.db'), hospital)),
      ]);
    const stored = { ...memory, adapters: { ...memory.adapters, ...Object.fromEntries(databases) } };
    const engine = federate(all, files, false);
    try {
      const found = await everything(engine);
      const expected = await everything(federate(all, stored, false));
      expect(found.map(unversioned)).toEqual(expected.map(unversioned));
    } finally {
      await engine.close();
      files.remove();
    }
  },
  60_000,
);
