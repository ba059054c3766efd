import { randomBytes } from 'node:crypto';
import { type Db, type Document, MongoClient } from 'mongodb';
import { openMongodb } from '#src/adapters/mongodb/adapter.js';
import type { Adapter, Call, Output } from '#src/source/adapter.js';
import type { TableRelation } from '#src/source/relation.js';

/** A database of its own on a shared server, and the adapter over it. */
export interface Own {
  readonly client: MongoClient;
  readonly database: Db;
  readonly location: string;
  readonly adapter: Adapter;
  close(): Promise<void>;
}

export async function ownDatabase(url: string): Promise<Own> {
  const client = new MongoClient(url);
  const database = client.db(`unit_${randomBytes(6).toString('hex')}`);
  const location = `${url.replace(/\/$/, '')}/${database.databaseName}`;
  const adapter = openMongodb({ name: 'ehr', location, timeoutMs: 20_000 });
  const close = async () => {
    await adapter.close();
    await database.dropDatabase();
    await client.close();
  };
  return { client, database, location, adapter, close };
}

/** A collection as a relation: each column by the path it lies at. */
export function collection(
  name: string,
  columns: Readonly<Record<string, string>>,
  key: readonly string[] = ['id'],
): TableRelation {
  return {
    kind: 'table',
    name,
    key,
    columns: Object.fromEntries(
      Object.entries({ id: '_id', ...columns }).map(([column, path]) => [
        column,
        { name: column, path: path.split('.') },
      ]),
    ),
  };
}

export const every = (relation: TableRelation): Output[] =>
  Object.keys(relation.columns).map((column) => ({ kind: 'column', column }));

export const patient = (): Call => ({ signal: new AbortController().signal, deadline: performance.now() + 60_000 });

export type { Document };
