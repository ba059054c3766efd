import { type Document, Long, MongoClient } from 'mongodb';
import { openMongodb } from '#src/adapters/mongodb/adapter.js';
import type { Cell, Row } from '#src/source/row.js';
import type { Random } from '../../oracle/random.js';
import { type Kept, keptAsDrawn } from './kept.js';
import type { Part } from './split.js';
import type { Stored } from './stored.js';

/** A part in a database of its own on a MongoDB server, documents as nested as the mapping reads them, in the order of their `_id`. */
export async function inMongodb(part: Part, server: string, database: string, random: Random): Promise<Stored> {
  const client = new MongoClient(server);
  const held = client.db(database);
  const remove = async () => {
    await held.dropDatabase();
    await client.close();
  };
  try {
    const kept = part.hospital.tables.map((table) => keptAsDrawn(table, part.rows[table.relation.name]!));
    for (const { table, rows } of kept) {
      const collection = await held.createCollection(table.relation.name);
      const documents = documentsOf({ table, rows }, random);
      if (documents.length > 0) await collection.insertMany(documents);
      const field = (column: string) => table.relation.columns[column]!.path.join('.');
      const keyed = Object.fromEntries(table.relation.key.map((column) => [field(column), 1] as const));
      const unique = random.chance(0.5) && new Set(rows.map((row) => keyOf(table, row))).size === rows.length;
      if (unique || random.chance(0.8)) await collection.createIndex(keyed, unique ? { unique } : {});
      for (const { name } of table.columns)
        if (!table.relation.key.includes(name) && random.chance(0.15))
          await collection.createIndex({ [field(name)]: 1 });
    }
    const location = `${server.replace(/\/$/, '')}/${database}`;
    return { kept, adapter: openMongodb({ name: part.name, location, timeoutMs: 30_000 }), remove };
  } catch (error) {
    await remove();
    throw error;
  }
}

/** A text that is the same for keys that the server may take for the same. */
const keyOf = ({ columns, relation }: Kept['table'], row: Row) =>
  JSON.stringify(relation.key.map((name) => String(row[columns.findIndex((column) => column.name === name)])));

const bson = (cell: Cell): unknown => (typeof cell === 'bigint' ? Long.fromBigInt(cell) : cell);

function documentsOf({ table, rows }: Pick<Kept, 'table' | 'rows'>, random: Random): Document[] {
  return rows.map((row, n) => {
    const document: Document = { _id: n as never };
    for (const [i, { name }] of table.columns.entries()) {
      if (row[i] === null && random.chance(0.5)) continue;
      const path = table.relation.columns[name]!.path;
      let at = document;
      for (const step of path.slice(0, -1)) {
        at[step] ??= {};
        at = at[step] as Document;
      }
      at[path.at(-1)!] = bson(row[i]!);
    }
    return document;
  });
}
