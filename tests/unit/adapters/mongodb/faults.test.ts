import { type AddressInfo, connect, createServer, type Server, type Socket } from 'node:net';
import { afterAll, afterEach, beforeAll, describe, expect, test } from '@jest/globals';
import type { ObjectId } from 'mongodb';
import { openMongodb } from '#src/adapters/mongodb/adapter.js';
import { isSourceFault } from '#src/errors/fault.js';
import type { Adapter, Call, Scan } from '#src/source/adapter.js';
import { TRUE } from '#src/source/selection.js';
import { collect } from '../../../contracts/ask.js';
import { serverUrl } from '../../../support/server-url.js';
import { collection, every, type Own, ownDatabase, patient } from './deployment.js';

const url = serverUrl('HEALTHSYNC_TEST_MONGODB_URL');
const people = collection('people', { v: 'v' });
const scan: Scan = { relation: people, output: every(people), where: TRUE, order: [] };
const rows = 5_000;
let own: Own;
const opened: (() => unknown)[] = [];

beforeAll(async () => {
  own = await ownDatabase(url);
  const filler = 'x'.repeat(500);
  await own.database
    .collection('people')
    .insertMany(Array.from({ length: rows }, (_, n) => ({ _id: n as unknown as ObjectId, v: `${n}${filler}` })));
});
afterAll(() => own.close());
afterEach(async () => {
  for (const close of opened.splice(0).reverse()) await close();
});

function open(location: string, timeoutMs = 2_000): Adapter {
  const adapter = openMongodb({ name: 'ehr', location, timeoutMs });
  opened.push(() => adapter.close());
  return adapter;
}

const within = (ms: number): Call => ({ signal: new AbortController().signal, deadline: performance.now() + ms });

async function failure(run: () => unknown): Promise<{ readonly error: unknown; readonly ms: number }> {
  const start = performance.now();
  try {
    await run();
  } catch (error) {
    return { error, ms: performance.now() - start };
  }
  throw new Error('it did not fail');
}

const calls = (adapter: Adapter, call: () => Call): readonly (readonly [string, () => unknown])[] => [
  ['scan', () => collect(adapter.scan(scan, call()))],
  ['get', () => adapter.get(people, every(people), [1], call())],
  ['count', () => adapter.count(people, TRUE, call())],
  ['describe', () => adapter.describe(call())],
  ['duplicateKeys', () => adapter.duplicateKeys(people, 1, call())],
];

async function listening(serve: (socket: Socket) => void): Promise<number> {
  const sockets = new Set<Socket>();
  const server: Server = createServer((socket) => {
    sockets.add(socket);
    socket.on('error', () => {});
    socket.on('close', () => sockets.delete(socket));
    serve(socket);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  opened.push(() => {
    for (const socket of sockets) socket.destroy();
    return new Promise((resolve) => server.close(resolve));
  });
  return (server.address() as AddressInfo).port;
}

/** The server behind a wire that can be cut, or that stops forwarding without a word. */
interface Wire {
  location: string;
  state: 'open' | 'silent' | 'cut';
  /** Connections that the adapter has closed. */
  closed: number;
}

async function wire(): Promise<Wire> {
  const { hostname, port } = new URL(url);
  const made: Wire = { location: '', state: 'open', closed: 0 };
  const ownPort = await listening((socket) => {
    if (made.state === 'cut') {
      socket.destroy();
      return;
    }
    const server = connect(Number(port), hostname);
    opened.push(() => server.destroy());
    server.on('error', () => socket.destroy());
    const forward = (from: Socket, to: Socket) =>
      from.on('data', (data) => {
        if (made.state === 'open') to.write(data);
        if (made.state === 'cut') for (const one of [from, to]) one.destroy();
      });
    forward(socket, server);
    forward(server, socket);
    socket.on('close', () => {
      made.closed++;
      server.destroy();
    });
    server.on('close', () => socket.destroy());
  });
  made.location = `mongodb://127.0.0.1:${ownPort}/${own.database.databaseName}?directConnection=true`;
  return made;
}

describe('opening', () => {
  test('does not ask whether the server is there', () => {
    expect(() => open('mongodb://127.0.0.1:1/ehr')).not.toThrow();
  });

  for (const location of [
    'mongodb://127.0.0.1:1',
    'mongodb://127.0.0.1:1/',
    'http://127.0.0.1/ehr',
    'mongodb://:bad/x',
    'mongodb://h/x?nonsense=1',
  ])
    test(`a location that is none is a mistake of the configuration: ${location}`, () => {
      expect(() => open(location)).toThrow(expect.objectContaining({ name: 'Fault', code: 'configuration' }));
    });

  test('nothing of a password is told', async () => {
    const secret = 'hunter2secret';
    expect(() => open(`mongodb://user:${secret}@h/x?nonsense=1`)).toThrow(
      expect.objectContaining({ message: expect.not.stringContaining(secret) }),
    );
    const { host } = new URL(url);
    const { error } = await failure(() =>
      open(`mongodb://user:${secret}@${host}/${own.database.databaseName}`).count(people, TRUE, patient()),
    );
    expect(error).toMatchObject({ name: 'Fault', code: 'source-unavailable' });
    expect((error as Error).message).not.toContain(secret);
  });
});

describe('a server that is away', () => {
  test('refused: each call says so, and soon', async () => {
    const adapter = open('mongodb://127.0.0.1:1/ehr');
    for (const [name, run] of calls(adapter, patient)) {
      const { error, ms } = await failure(run);
      expect({ name, error }).toMatchObject({ name, error: { name: 'Fault', code: 'source-unavailable' } });
      expect(ms).toBeLessThan(3_000);
    }
  });

  test('refused within a deadline that is shorter than the patience of the driver', async () => {
    const adapter = open('mongodb://127.0.0.1:1/ehr');
    await failure(() => adapter.count(people, TRUE, patient()));
    const { error, ms } = await failure(() => adapter.count(people, TRUE, within(300)));
    expect(error).toMatchObject({ name: 'Fault', code: 'source-unavailable' });
    expect(ms).toBeLessThan(600);
  });

  test('half open: nothing is ever answered', async () => {
    const port = await listening(() => {});
    const adapter = open(`mongodb://127.0.0.1:${port}/ehr?directConnection=true`);
    for (const [name, run] of calls(adapter, () => within(300))) {
      const { error, ms } = await failure(run);
      expect({ name, ok: isSourceFault(error) }).toEqual({ name, ok: true });
      expect(ms).toBeLessThan(600);
    }
  });

  test('garbage on the wire', async () => {
    const port = await listening((socket) => socket.on('data', () => socket.write('HTTP/1.1 400 Bad Request\r\n\r\n')));
    const adapter = open(`mongodb://127.0.0.1:${port}/ehr?directConnection=true`);
    for (const [name, run] of calls(adapter, () => within(1_500))) {
      const { error } = await failure(run);
      expect({ name, ok: isSourceFault(error) }).toEqual({ name, ok: true });
    }
  });

  test('a wire that is cut, that falls silent, and that is well again, without another adapter', async () => {
    const between = await wire();
    const adapter = open(between.location);
    for (const state of ['cut', 'silent'] as const) {
      expect((await collect(adapter.scan(scan, patient()))).rows.length).toBe(rows);
      const { error, ms } = await failure(async () => {
        let seen = 0;
        for await (const batch of adapter.scan(scan, within(800))) {
          seen += batch.rows.length;
          between.state = state;
          expect(seen).toBeLessThan(rows);
        }
      });
      expect({ state, ok: isSourceFault(error) }).toEqual({ state, ok: true });
      expect(ms).toBeLessThan(1_500);
      between.state = 'open';
      let count: number | undefined;
      for (let tries = 0; tries < 20 && count === undefined; tries++)
        count = await adapter.count(people, TRUE, within(1_000)).catch(() => undefined);
      expect(count).toBe(rows);
    }
  }, 30_000);
});

describe('a call', () => {
  /**
   * A server stops what a connection asked for when that is closed (MongoDB since 4.2). SecantusDB's `$currentOp` lists nothing but
   * itself, so what is looked at is the connection.
   */
  test('that is given up ends at once, and its connection with it', async () => {
    const between = await wire();
    const adapter = open(between.location);
    await adapter.count(people, TRUE, patient());
    const controller = new AbortController();
    // The server compares each text with a pattern that takes it long.
    const of = { column: 'v', as: 'text' } as const;
    const where = { op: 'contains', of, value: `${'x'.repeat(480)}y` } as const;
    const call = { signal: controller.signal, deadline: performance.now() + 20_000 };
    let aborted = 0;
    let before = 0;
    setTimeout(() => {
      before = between.closed;
      aborted = performance.now();
      controller.abort();
    }, 20);
    const { error } = await failure(() => collect(adapter.scan({ ...scan, where }, call)));
    expect(error).toMatchObject({ name: 'Fault', code: 'cancelled' });
    expect(performance.now() - aborted).toBeLessThan(100);
    for (let tries = 0; tries < 50 && between.closed === before; tries++)
      await new Promise((resolve) => setTimeout(resolve, 10));
    expect(between.closed).toBe(before + 1);
    expect(await adapter.count(people, TRUE, patient())).toBe(rows);
  });

  test('past its deadline is stopped by the server itself', async () => {
    const adapter = open(own.location);
    await adapter.count(people, TRUE, patient());
    const { error, ms } = await failure(async () => {
      for (;;) await collect(adapter.scan(scan, within(15)));
    });
    expect(error).toMatchObject({ name: 'Fault', code: 'source-timeout' });
    expect(ms).toBeLessThan(10_000);
  });

  test('of a collection that is dropped names it', async () => {
    const adapter = open(own.location);
    await own.database.collection('gone').insertOne({ v: 1 });
    const gone = { ...people, name: 'gone' };
    expect(await adapter.count(gone, TRUE, patient())).toBe(1);
    await own.database.collection('gone').drop();
    for (const run of [
      () => collect(adapter.scan({ ...scan, relation: gone }, patient())),
      () => adapter.get(gone, every(gone), ['x'], patient()),
      () => adapter.count(gone, TRUE, patient()),
    ])
      expect((await failure(run)).error).toMatchObject({
        code: 'source-schema',
        message: expect.stringContaining('gone'),
      });
  });

  test('of an empty collection finds nothing', async () => {
    await own.database.createCollection('empty');
    const empty = { ...people, name: 'empty' };
    expect((await collect(own.adapter.scan({ ...scan, relation: empty }, patient()))).rows).toEqual([]);
    expect(await own.adapter.count(empty, TRUE, patient())).toBe(0);
  });
});
