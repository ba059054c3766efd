import { MongoClient, ObjectId } from 'mongodb';
import { batches } from '../batches.js';

/** A document; `_id`, where it is 24 hexadecimal digits, becomes an ObjectId (without one the server would make it by chance). */
export interface ServerDocument {
  readonly _id: string | number;
  readonly [field: string]: unknown;
}

export interface Collection {
  readonly name: string;
  readonly documents: Iterable<ServerDocument>;
  /** Made after the documents. */
  readonly indexes: readonly { readonly key: Readonly<Record<string, 1 | -1>>; readonly unique?: boolean }[];
}

/** The collections of one database. Whatever stood under their names is replaced; other collections are left alone. */
export interface Collections {
  readonly collections: readonly Collection[];
}

const DOCUMENTS = 1_000;

/** Fills a MongoDB database; yields the number of documents of each batch. `url`: `mongodb://user:password@host:port/database`. */
export async function* loadMongodb(url: string, { collections }: Collections): AsyncGenerator<number> {
  const client = new MongoClient(url, { serverSelectionTimeoutMS: 5_000 });
  try {
    const database = client.db();
    for (const { name, documents, indexes } of collections) {
      await database.dropCollection(name);
      const collection = await database.createCollection(name);
      for (const batch of batches(documents, DOCUMENTS)) {
        await collection.insertMany(batch.map(stored));
        yield batch.length;
      }
      for (const { key, unique } of indexes) await collection.createIndex(key, unique ? { unique } : {});
    }
  } finally {
    await client.close();
  }
}

function stored(document: ServerDocument): Record<string, unknown> {
  const { _id, ...rest } = document;
  return { _id: typeof _id === 'string' && /^[0-9a-f]{24}$/.test(_id) ? new ObjectId(_id) : _id, ...rest };
}
