import { randomBytes } from 'node:crypto';
import { seeded } from '../../oracle/random.js';
import type { DataSet } from '../data-set.js';
import type { Hospital } from '../hospitals.js';
import { inFolder, listsOf, type Source, type Store } from '../materialise.js';
import { inInfluxdb } from './influxdb.js';
import { inMongodb } from './mongodb.js';
import { inMysql } from './mysql.js';
import { inNeo4j } from './neo4j.js';
import { inPostgres } from './postgres.js';
import { type Part, type ServerPlace, split } from './split.js';
import type { Stored } from './stored.js';

/** URL of the server of each kind. */
export type Servers = Readonly<Record<ServerPlace, string>>;

/** The data set, split at random over servers and files; and the same parts as lists in memory, for the oracle to be told of. */
export async function onServers(
  hospitals: readonly Hospital[],
  data: DataSet,
  servers: Servers,
): Promise<{ readonly store: Store; readonly lists: Store; readonly places: readonly string[] }> {
  const random = seeded(data.seed + 3);
  const run = randomBytes(4).toString('hex');
  const parts = split(hospitals, data, random);
  const sources: Source[] = [];
  const lists: Source[] = [];
  const removals: (() => Promise<void>)[] = [];
  const remove = async () => {
    for (const { adapter } of sources) await adapter.close();
    for (const one of removals) await one();
  };
  try {
    for (const [n, part] of parts.entries()) {
      const { adapter, kept, remove: removal } = await stored(part, servers, `prove_${run}_${n}`, random);
      const { name, hospital } = part;
      sources.push({ name, folder: hospital.folder, adapter });
      lists.push({ name, folder: hospital.folder, adapter: listsOf(kept) });
      removals.push(removal);
    }
  } catch (error) {
    await remove();
    throw error;
  }
  return {
    store: { sources, remove },
    lists: { sources: lists, remove: async () => {} },
    places: parts.map(({ place }) => place),
  };
}

/** A part of a data set where it is to lie. */
export function stored(
  part: Part,
  servers: Servers,
  database: string,
  random: ReturnType<typeof seeded>,
): Promise<Stored> {
  switch (part.place) {
    case 'mysql':
      return inMysql(part, servers.mysql, database, random);
    case 'postgres':
      return inPostgres(part, servers.postgres, database, random);
    case 'mongodb':
      return inMongodb(part, servers.mongodb, database, random);
    case 'neo4j':
      return inNeo4j(part, servers.neo4j, database, random);
    case 'influxdb':
      return inInfluxdb(part, servers.influxdb, database);
    case 'files':
      return inFolder(part);
  }
}
