import { randomBytes } from 'node:crypto';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import Database from 'better-sqlite3';
import { MongoClient } from 'mongodb';
import { createConnection } from 'mysql2/promise';
import neo4j from 'neo4j-driver';
import pg from 'pg';
import type { SourceConfiguration } from '#src/config/configuration.js';

/** A database with an empty table of people (`id`, `family`, `phone`) that may be written. */
export interface WrittenStore {
  readonly adapter: SourceConfiguration['adapter'];
  readonly location: string;
  readonly table: string;
  readonly drop: () => Promise<void>;
}

type Make = (server: string, folder: string) => Promise<WrittenStore>;

const ddl = 'CREATE TABLE people (id varchar(40) PRIMARY KEY, family varchar(60), phone varchar(60))';
const kept = async () => {};

export const writtenStores = {
  sqlite: async (_, folder) => {
    const location = join(folder, 'people.db');
    const database = new Database(location);
    database.exec(ddl);
    database.close();
    return { adapter: 'sqlite', location, table: 'people', drop: kept };
  },
  csv: async (_, folder) => {
    writeFileSync(join(folder, 'people.csv'), 'id,family,phone\r\nx0,"First, ""quoted""",1\r\n');
    return { adapter: 'duckdb', location: folder, table: 'people', drop: kept };
  },
  json: async (_, folder) => {
    writeFileSync(join(folder, 'people.json'), '[\n  { "id": "x0", "family": "First", "phone": "1" }\n]\n');
    return { adapter: 'duckdb', location: folder, table: 'people', drop: kept };
  },
  postgres: async (server) => {
    const name = `killed_${randomBytes(6).toString('hex')}`;
    const maker = new pg.Client({ connectionString: server });
    await maker.connect();
    await maker.query(`CREATE DATABASE ${name} TEMPLATE template0 ENCODING 'UTF8'`);
    const location = Object.assign(new URL(server), { pathname: `/${name}` }).href;
    const client = new pg.Client({ connectionString: location });
    await client.connect();
    await client.query(ddl);
    await client.end();
    const drop = async () => {
      await maker.query(`DROP DATABASE ${name} WITH (FORCE)`);
      await maker.end();
    };
    return { adapter: 'postgres', location, table: 'people', drop };
  },
  mysql: async (server) => {
    const name = `killed_${randomBytes(6).toString('hex')}`;
    const client = await createConnection(server);
    await client.query(`CREATE DATABASE ${name} CHARACTER SET utf8mb4`);
    await client.query(`USE ${name}`);
    await client.query(ddl);
    const drop = async () => {
      await client.query(`DROP DATABASE ${name}`);
      await client.end();
    };
    const location = Object.assign(new URL(server), { pathname: `/${name}` }).href;
    return { adapter: 'mysql', location, table: 'people', drop };
  },
  mongodb: async (server) => {
    const name = `killed_${randomBytes(6).toString('hex')}`;
    const location = Object.assign(new URL(server), { pathname: `/${name}` }).href;
    const client = new MongoClient(location);
    await client.db().createCollection('people');
    await client.db().collection('people').createIndex({ id: 1 }, { unique: true });
    const drop = async () => {
      await client.db().dropDatabase();
      await client.close();
    };
    return { adapter: 'mongodb', location, table: 'people', drop };
  },
  neo4j: async (server) => {
    const table = `Killed${randomBytes(6).toString('hex')}`;
    const { protocol, host, username, password } = new URL(server);
    const driver = neo4j.driver(`${protocol}//${host}`, neo4j.auth.basic(username, password));
    await driver.executeQuery(`CREATE CONSTRAINT ${table} FOR (n:${table}) REQUIRE n.id IS UNIQUE`);
    await driver.executeQuery(`CREATE (:${table} { id: 'x0', family: 'First', phone: '1' })`);
    const drop = async () => {
      await driver.executeQuery(`DROP CONSTRAINT ${table}`);
      await driver.executeQuery(`MATCH (n:${table}) DETACH DELETE n`);
      await driver.close();
    };
    return { adapter: 'neo4j', location: server, table, drop };
  },
} as const satisfies Readonly<Record<string, Make>>;

export type WrittenKind = keyof typeof writtenStores;
