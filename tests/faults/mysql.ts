import { randomBytes } from 'node:crypto';
import { createConnection } from 'mysql2/promise';
import { openMysql } from '#src/adapters/mysql/adapter.js';
import { faultProxy } from '../support/fault-proxy.js';
import type { FaultySource } from './harm.js';
import { columns, people } from './people.js';
import { until, wayHarms } from './way-harms.js';

/** A database and a user of its own on a server. */
export async function placeMysql(server: string) {
  const name = `faults_${randomBytes(6).toString('hex')}`;
  const secret = randomBytes(12).toString('hex');
  const admin = await createConnection(server);
  await admin.query(`CREATE DATABASE ${name} CHARACTER SET utf8mb4 COLLATE utf8mb4_bin`);
  await admin.changeUser({ database: name });
  await admin.query('CREATE TABLE people (id VARCHAR(20) PRIMARY KEY, family TEXT, sex VARCHAR(1), address TEXT)');
  await admin.query('INSERT INTO people VALUES ?', [people.map((person) => columns.map((column) => person[column]))]);
  await admin.query(`CREATE USER '${name}'@'%' IDENTIFIED BY '${secret}'`);
  await admin.query(`GRANT SELECT ON ${name}.* TO '${name}'@'%'`);
  const direct = Object.assign(new URL(server), { username: name, password: secret, pathname: `/${name}` }).href;
  return { admin, name, secret, direct, table: 'people' };
}

export async function faultyMysql(server: string): Promise<FaultySource> {
  const { admin, name, secret, direct, table } = await placeMysql(server);
  const proxy = await faultProxy(direct);
  return {
    table,
    open: (timeoutMs) => openMysql({ name: 'mysql', location: proxy.url, timeoutMs }),
    harms: {
      ...wayHarms(proxy),
      'pool exhausted': async () => {
        await admin.query(`ALTER USER '${name}'@'%' WITH MAX_USER_CONNECTIONS 1`);
        proxy.cutAll();
        const other = await until(() => createConnection(direct));
        return async () => {
          await other.end();
          await admin.query(`ALTER USER '${name}'@'%' WITH MAX_USER_CONNECTIONS 0`);
        };
      },
      'credentials revoked': async () => {
        await admin.query(`ALTER USER '${name}'@'%' IDENTIFIED BY 'another'`);
        proxy.cutAll();
        return async () => {
          await admin.query(`ALTER USER '${name}'@'%' IDENTIFIED BY '${secret}'`);
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
      await admin.query(`DROP USER '${name}'@'%'`);
      await admin.query(`DROP DATABASE ${name}`);
      await admin.end();
    },
  };
}
