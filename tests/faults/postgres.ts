import { randomBytes } from 'node:crypto';
import pg from 'pg';
import { openPostgres } from '#src/adapters/postgres/adapter.js';
import { faultProxy } from '../support/fault-proxy.js';
import type { FaultySource } from './harm.js';
import { columns, people } from './people.js';
import { until, wayHarms } from './way-harms.js';

/** A database and a user of its own on a server. */
export async function placePostgres(server: string) {
  const name = `faults_${randomBytes(6).toString('hex')}`;
  const secret = randomBytes(12).toString('hex');
  const maker = await connected(server);
  await maker.query(`CREATE DATABASE ${name} TEMPLATE template0 ENCODING 'UTF8'`);
  await maker.query(`CREATE ROLE ${name} LOGIN PASSWORD '${secret}'`);
  const admin = await connected(Object.assign(new URL(server), { pathname: `/${name}` }).href);
  await admin.query('CREATE TABLE people (id text COLLATE "C" PRIMARY KEY, family text, sex text, address text)');
  for (const person of people)
    await admin.query(
      'INSERT INTO people VALUES ($1, $2, $3, $4)',
      columns.map((column) => person[column]),
    );
  await admin.query(`GRANT SELECT ON people TO ${name}`);
  const direct = Object.assign(new URL(server), { username: name, password: secret, pathname: `/${name}` }).href;
  return { maker, admin, name, secret, direct, table: 'people' };
}

export async function faultyPostgres(server: string): Promise<FaultySource> {
  const { maker, admin, name, secret, direct, table } = await placePostgres(server);
  const proxy = await faultProxy(direct);
  return {
    table,
    open: (timeoutMs) => openPostgres({ name: 'postgres', location: proxy.url, timeoutMs }),
    harms: {
      ...wayHarms(proxy),
      'pool exhausted': async () => {
        await maker.query(`ALTER ROLE ${name} CONNECTION LIMIT 1`);
        proxy.cutAll();
        const other = await until(() => connected(direct));
        return async () => {
          await other.end();
          await maker.query(`ALTER ROLE ${name} CONNECTION LIMIT -1`);
        };
      },
      'credentials revoked': async () => {
        await maker.query(`ALTER ROLE ${name} PASSWORD 'another'`);
        proxy.cutAll();
        return async () => {
          await maker.query(`ALTER ROLE ${name} PASSWORD '${secret}'`);
        };
      },
      'schema changed under us': async () => {
        await admin.query('ALTER TABLE people RENAME COLUMN family TO surname');
        return async () => {
          await admin.query('ALTER TABLE people RENAME COLUMN surname TO family');
        };
      },
    },
    async close() {
      await proxy.close();
      await admin.end();
      await maker.query(`DROP DATABASE ${name} WITH (FORCE)`);
      await maker.query(`DROP ROLE ${name}`);
      await maker.end();
    },
  };
}

async function connected(url: string): Promise<pg.Client> {
  const client = new pg.Client(url);
  client.on('error', () => {});
  await client.connect();
  return client;
}
