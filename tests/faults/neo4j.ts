import { randomBytes } from 'node:crypto';
import neo4j from 'neo4j-driver';
import { openNeo4j } from '#src/adapters/neo4j/adapter.js';
import { faultProxy } from '../support/fault-proxy.js';
import type { FaultySource } from './harm.js';
import { people } from './people.js';
import { full, wayHarms } from './way-harms.js';

/** A user of its own on a server that asks who it is. */
export async function placeNeo4j(server: string) {
  const name = `faults_${randomBytes(6).toString('hex')}`;
  const secret = randomBytes(12).toString('hex');
  const { protocol, host, username, password } = new URL(server);
  const admin = neo4j.driver(`${protocol}//${host}`, neo4j.auth.basic(username, password));
  const write = async (text: string, values = {}) => {
    await admin.executeQuery(text, values);
  };
  const system = async (text: string) => {
    await admin.executeQuery(text, {}, { database: 'system' });
  };
  // A measurement that was cut short leaves its people behind.
  await write('MATCH (n:People) DETACH DELETE n');
  await write('UNWIND $people AS person CREATE (n:People) SET n = person', { people });
  await write('CREATE CONSTRAINT people_key IF NOT EXISTS FOR (n:People) REQUIRE n.id IS UNIQUE');
  await system(`CREATE USER ${name} SET PASSWORD '${secret}' CHANGE NOT REQUIRED`);
  const direct = Object.assign(new URL(server), { username: name, password: secret }).href;
  return { admin, write, system, name, secret, direct, table: 'People' };
}

export async function faultyNeo4j(server: string): Promise<FaultySource> {
  const { admin, write, system, name, secret, direct, table } = await placeNeo4j(server);
  const proxy = await faultProxy(direct);
  return {
    table,
    open: (timeoutMs) => openNeo4j({ name: 'neo4j', location: proxy.url, timeoutMs }),
    harms: {
      ...wayHarms(proxy),
      'pool exhausted': full(proxy),
      'credentials revoked': async () => {
        await system(`ALTER USER ${name} SET PASSWORD 'another-one'`);
        proxy.cutAll();
        return () => system(`ALTER USER ${name} SET PASSWORD '${secret}' CHANGE NOT REQUIRED`);
      },
      'schema changed under us': async () => {
        // A label that a constraint names is there, without a node.
        await write('DROP CONSTRAINT people_key');
        await write('MATCH (n:People) SET n:Persons REMOVE n:People');
        return async () => {
          await write('MATCH (n:Persons) SET n:People REMOVE n:Persons');
          await write('CREATE CONSTRAINT people_key FOR (n:People) REQUIRE n.id IS UNIQUE');
        };
      },
    },
    async close() {
      await proxy.close();
      await write('MATCH (n:People) DETACH DELETE n');
      await write('DROP CONSTRAINT people_key');
      await system(`DROP USER ${name}`);
      await admin.close();
    },
  };
}
