import { randomBytes } from 'node:crypto';
import { MongoClient } from 'mongodb';
import { createConnection } from 'mysql2/promise';
import neo4j from 'neo4j-driver';
import pg from 'pg';
import { serverSources } from '#demo/servers.js';

/** URLs of the servers that tests share, by kind; MongoDB serves for both of its deployments. */
export interface SharedServers {
  readonly mysql?: string;
  readonly postgres?: string;
  readonly mongodb?: string;
  readonly influxdb?: string;
  readonly neo4j?: string;
}

export interface OwnDatabases {
  /** Source of the demo -> URL of a database of its own. Neo4j has one database: its labels are shared. */
  readonly servers: Readonly<Record<string, string>>;
  readonly drop: () => Promise<void>;
}

/** A database of its own on shared servers for each source of the demo whose kind of server is given. */
export function ownDatabases(shared: SharedServers): OwnDatabases {
  const run = randomBytes(6).toString('hex');
  const servers: Record<string, string> = {};
  const drops: (() => Promise<void>)[] = [];
  for (const [source, { kind }] of Object.entries(serverSources)) {
    const url = shared[kind];
    if (url === undefined) continue;
    const database = `${source.replace('-', '_')}_${run}`;
    servers[source] = kind === 'neo4j' ? url : Object.assign(new URL(url), { pathname: `/${database}` }).href;
    drops.push(() => drop[kind](url, database, servers[source]!));
  }
  return {
    servers,
    drop: async () => {
      for (const one of drops) await one();
    },
  };
}

type Drop = (server: string, database: string, own: string) => Promise<void>;

const drop: Readonly<Record<keyof SharedServers, Drop>> = {
  mysql: async (server, database) => {
    const connection = await createConnection(server);
    await connection.query(`DROP DATABASE IF EXISTS ${database}`);
    await connection.end();
  },
  postgres: async (server, database) => {
    const client = new pg.Client({ connectionString: server });
    await client.connect();
    await client.query(`DROP DATABASE IF EXISTS ${database} WITH (FORCE)`);
    await client.end();
  },
  mongodb: async (_server, _database, own) => {
    const client = new MongoClient(own);
    await client.db().dropDatabase();
    await client.close();
  },
  influxdb: async (server, database) => {
    await fetch(new URL('/query', server), {
      method: 'POST',
      body: new URLSearchParams({ q: `DROP DATABASE "${database}"` }),
    });
  },
  neo4j: async (server) => {
    const { protocol, host, username, password } = new URL(server);
    const driver = neo4j.driver(`${protocol}//${host}`, neo4j.auth.basic(username, password));
    for (const label of ['Doctor', 'Patient']) await driver.executeQuery(`MATCH (n:${label}) DETACH DELETE n`);
    await driver.executeQuery('DROP INDEX doctor_name_index IF EXISTS');
    await driver.close();
  },
};
