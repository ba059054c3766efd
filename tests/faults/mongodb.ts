import { randomBytes } from 'node:crypto';
import { MongoClient } from 'mongodb';
import { openMongodb } from '#src/adapters/mongodb/adapter.js';
import { faultProxy } from '../support/fault-proxy.js';
import type { FaultySource } from './harm.js';
import { people } from './people.js';
import { full, wayHarms } from './way-harms.js';

/** A database and a user of its own on a server that asks who it is. */
export async function placeMongodb(server: string) {
  const name = `faults_${randomBytes(6).toString('hex')}`;
  const secret = randomBytes(12).toString('hex');
  const admin = await MongoClient.connect(server);
  const database = admin.db(name);
  const documents = database.collection('people');
  await documents.insertMany(people.map((person) => ({ ...person })));
  await documents.createIndex({ id: 1 }, { unique: true });
  await database.command({ createUser: name, pwd: secret, roles: [{ role: 'read', db: name }] });
  const location = Object.assign(new URL(server), { username: name, password: secret, pathname: `/${name}` });
  // Else the driver goes to the address that the server says of itself, past the proxy.
  location.search = `?authSource=${name}&directConnection=true`;
  return { admin, database, documents, name, secret, direct: location.href, table: 'people' };
}

export async function faultyMongodb(server: string): Promise<FaultySource> {
  const { admin, database, documents, name, secret, direct, table } = await placeMongodb(server);
  const proxy = await faultProxy(direct);
  const password = (pwd: string) => database.command({ updateUser: name, pwd });
  return {
    table,
    open: (timeoutMs) => openMongodb({ name: 'mongodb', location: proxy.url, timeoutMs }),
    harms: {
      ...wayHarms(proxy),
      'pool exhausted': full(proxy),
      'credentials revoked': async () => {
        await password('another');
        proxy.cutAll();
        return async () => {
          await password(secret);
        };
      },
      'schema changed under us': async () => {
        await documents.rename('persons');
        return async () => {
          await database.collection('persons').rename('people');
        };
      },
    },
    async close() {
      await proxy.close();
      await database.dropDatabase();
      await admin.close();
    },
  };
}
