import { afterAll, beforeAll, describe, expect, jest, test } from '@jest/globals';
import { MongoClient } from 'mongodb';
import neo4j from 'neo4j-driver';
import { openMongodb } from '#src/adapters/mongodb/adapter.js';
import { openNeo4j } from '#src/adapters/neo4j/adapter.js';
import type { Adapter, Call, Transaction } from '#src/source/adapter.js';
import type { TableRelation } from '#src/source/relation.js';
import { type FaultProxy, faultProxy } from '../support/fault-proxy.js';
import { type OwnServer, ownServer } from '../support/own-server.js';
import { serverUrl } from '../support/server-url.js';

/** Servers that go away while documents and nodes are written. */
jest.setTimeout(120_000);
// It has servers of its own; where none can be started, no server is named either.
serverUrl('HEALTHSYNC_TEST_NEO4J_URL');

interface Kind {
  readonly open: (location: string) => Adapter;
  /** By way of a proxy, or not. */
  readonly location: (url: string) => string;
  readonly fill: (url: string) => Promise<void>;
  readonly names: (url: string) => Promise<readonly string[]>;
}

const source = (location: string) => ({ name: 'his', location, timeoutMs: 5_000 });

async function inMongo<T>(url: string, work: (client: MongoClient) => Promise<T>): Promise<T> {
  const client = new MongoClient(url);
  try {
    return await work(client);
  } finally {
    await client.close();
  }
}

async function inNeo4j(url: string, text: string): Promise<readonly string[]> {
  const { protocol, host, username, password } = new URL(url);
  const driver = neo4j.driver(`${protocol}//${host}`, neo4j.auth.basic(username, password));
  try {
    return (await driver.executeQuery(text)).records.map((record) => String(record.get(0)));
  } finally {
    await driver.close();
  }
}

const kinds: Readonly<Record<'mongodb' | 'neo4j', Kind>> = {
  mongodb: {
    open: (location) => openMongodb(source(location)),
    // Else the driver goes to the address that the server says of itself, past the proxy.
    location: (url) => Object.assign(new URL(url), { pathname: '/his', search: '?directConnection=true' }).href,
    fill: (url) =>
      inMongo(url, async (client) => {
        const people = client.db('his').collection('People');
        await people.insertMany([
          { id: 'p1', name: 'one' },
          { id: 'p2', name: 'two' },
        ]);
      }),
    names: (url) =>
      inMongo(url, async (client) => {
        const found = await client.db('his').collection('People').find().sort({ id: 1 }).toArray();
        return found.map(({ name }) => String(name));
      }),
  },
  neo4j: {
    open: (location) => openNeo4j(source(location)),
    location: (url) => url,
    fill: async (url) => {
      await inNeo4j(url, "CREATE (:People {id: 'p1', name: 'one'}), (:People {id: 'p2', name: 'two'})");
    },
    names: (url) => inNeo4j(url, 'MATCH (n:People) RETURN n.name ORDER BY n.id'),
  },
};

const people: TableRelation = {
  kind: 'table',
  name: 'People',
  key: ['id'],
  columns: { id: { name: 'id', path: ['id'] }, name: { name: 'name', path: ['name'] } },
};
const within = (ms: number): Call => ({ signal: new AbortController().signal, deadline: performance.now() + ms });

describe.each(Object.entries(kinds))('%s', (name, kind) => {
  let server: OwnServer;
  let proxy: FaultProxy;
  let adapter: Adapter;
  beforeAll(async () => {
    server = await ownServer(name as keyof typeof kinds);
    await kind.fill(server.url);
    proxy = await faultProxy(kind.location(server.url));
    adapter = kind.open(proxy.url);
  });
  afterAll(async () => {
    await adapter?.close();
    await proxy?.close();
    await server?.close();
  });

  const get = (one: Transaction, id: string) => one.get(people, [{ kind: 'column', column: 'name' }], [id]);
  const names = () => kind.names(server.url);
  /** Renames both, and does something before the end. */
  const rename = (to: string, last: (one: Transaction) => Promise<unknown>, call = within(20_000)) =>
    adapter
      .writing!.transaction(call, async (one) => {
        for (const id of ['p1', 'p2']) {
          const [held] = (await get(one, id))!;
          expect(await one.update(people, [id], { name: held! }, { name: to })).toBe(true);
        }
        await last(one);
      })
      .then(
        () => 'made',
        ({ code }: { code: unknown }) => code,
      );
  const again = async (to: string) => {
    for (let tries = 0; ; tries++) {
      const end = await rename(to, (one) => get(one, 'p1'));
      if (end === 'made') break;
      expect(['source-unavailable', 'source-busy', 'source-timeout']).toContain(end);
      expect(tries).toBeLessThan(20);
      await new Promise((resolve) => setTimeout(resolve, 500));
    }
    expect(await names()).toEqual([to, to]);
  };

  test('killed between the update and the second reading: nothing is kept', async () => {
    const before = await names();
    const end = await rename('lost', async (one) => {
      server.kill();
      await get(one, 'p1');
    });
    expect(end).toBe('source-unavailable');
    await server.start();
    expect(await names()).toEqual(before);
    await again('after the kill');
  });

  test('the way is cut before the end: nothing is kept', async () => {
    const before = await names();
    const end = await rename('lost', async (one) => {
      await proxy.set('refuse');
      await get(one, 'p1');
    });
    expect(end).toBe('source-unavailable');
    await proxy.set('forward');
    expect(await names()).toEqual(before);
    await again('after the cut');
  });

  test('the answer to the end of the transaction is lost: it is in doubt, and all is kept or nothing', async () => {
    const before = await names();
    const end = await rename('doubted', () => proxy.set('cut'));
    await proxy.set('forward');
    expect(end).toBe('in-doubt');
    const after = await names();
    expect([before, ['doubted', 'doubted']]).toContainEqual(after);
    await again('after the doubt');
  });

  test('no answer to the end of the transaction: it is in doubt once it is too late', async () => {
    const began = performance.now();
    const end = await rename('unheard', () => proxy.set('stop'), within(1_500));
    expect(end).toBe('in-doubt');
    expect(performance.now() - began).toBeLessThan(10_000);
    await proxy.set('refuse');
    await proxy.set('forward');
    const after = await names();
    expect(new Set(after).size).toBe(1);
    await again('after the silence');
  });
});
