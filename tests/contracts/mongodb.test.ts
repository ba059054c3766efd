import { randomBytes } from 'node:crypto';
import { type Document, Long, MongoClient } from 'mongodb';
import { openMongodb } from '#src/adapters/mongodb/adapter.js';
import type { Cell } from '#src/source/row.js';
import { serverUrl } from '../support/server-url.js';
import { sourceContract } from './source.contract.js';
import type { Store, StoredTable } from './store.js';
import { unwoundContract } from './unwound.contract.js';

const url = serverUrl('HEALTHSYNC_TEST_MONGODB_URL');
const missingColumn = 'documents need not have all fields: what no document has is null';

const bson = (cell: Cell): unknown => (typeof cell === 'bigint' ? Long.fromBigInt(cell) : cell);

/** A row as a document; `path` says where a column lies in it. */
function document(
  { columns }: StoredTable,
  row: readonly Cell[],
  path: (column: string) => readonly string[],
): Document {
  const made: Document = {};
  columns.forEach(({ name }, i) => {
    const steps = path(name);
    let at = made;
    for (const step of steps.slice(0, -1)) {
      at[step] ??= {};
      at = at[step] as Document;
    }
    at[steps.at(-1)!] = bson(row[i]!);
  });
  return made;
}

interface Made {
  readonly indexed: boolean;
  readonly path?: (table: string, column: string) => readonly string[];
  /** Options of every collection. */
  readonly collection?: Document;
}

function store(name: string, { indexed, path, collection }: Made): Store {
  return {
    name,
    types: ['text', 'integer', 'number', 'any'],
    omits: { 'a missing column is named, wherever it is used': missingColumn },
    ...(path && { path }),
    open: async (tables) => {
      const client = new MongoClient(url);
      const database = client.db(`contract_${randomBytes(6).toString('hex')}`);
      for (const table of tables) {
        const pathOf = (column: string) => path?.(table.name, column) ?? [column];
        const made = await database.createCollection(table.name, collection ?? {});
        const documents = table.rows.map((row) => document(table, row, pathOf));
        if (documents.length > 0) await made.insertMany(documents);
        const key = (columns: readonly string[]) =>
          Object.fromEntries(columns.map((column) => [pathOf(column).join('.'), 1] as const));
        if (!table.unique.some((column) => pathOf(column).join('.') === '_id'))
          await made.createIndex(key(table.unique), { unique: true });
        for (const index of indexed ? table.indexes : []) await made.createIndex(key(index));
      }
      const adapter = openMongodb({
        name: 'his',
        location: `${url.replace(/\/$/, '')}/${database.databaseName}`,
        timeoutMs: 30_000,
      });
      const close = async () => {
        await adapter.close();
        await database.dropDatabase();
        await client.close();
      };
      return { adapter, close };
    },
  };
}

const nested: Readonly<Record<string, readonly string[]>> = {
  id: ['_id'],
  name: ['name', 'given'],
  packed: ['a', 'b', 'c'],
  day: ['day', 'at'],
};

sourceContract(store('MongoDB', { indexed: true }));
sourceContract(
  store('MongoDB, nested and without indexes', {
    indexed: false,
    path: (_, column) => nested[column] ?? [column],
  }),
);

for (const indexed of [false, true]) {
  unwoundContract({
    name: indexed ? 'MongoDB, indexed' : 'MongoDB',
    open: async (documents) => {
      const client = new MongoClient(url);
      const database = client.db(`contract_${randomBytes(6).toString('hex')}`);
      const people = database.collection('people');
      await people.insertMany(documents as unknown as Document[]);
      for (const field of indexed ? ['pid', 'record.visits.id', 'record.visits.day'] : [])
        await people.createIndex({ [field]: 1 });
      const location = `${url.replace(/\/$/, '')}/${database.databaseName}`;
      const adapter = openMongodb({ name: 'his', location, timeoutMs: 30_000 });
      const close = async () => {
        await adapter.close();
        await database.dropDatabase();
        await client.close();
      };
      return { adapter, close };
    },
  });
}
