import { afterAll, beforeAll, describe, expect, jest, test } from '@jest/globals';
import type { Patient } from '@medplum/fhirtypes';
import { createConnection } from 'mysql2/promise';
import pg from 'pg';
import { openMysql } from '#src/adapters/mysql/adapter.js';
import { openPostgres } from '#src/adapters/postgres/adapter.js';
import type { Adapter, SourceLocation, Transaction } from '#src/source/adapter.js';
import { type FaultProxy, faultProxy } from '../support/fault-proxy.js';
import { type OwnServer, ownServer } from '../support/own-server.js';
import { type WrittenHttp, writtenHttp } from '../support/written-http.js';
import { registerSource } from './written-register.js';

/** Servers of SQL that go away while rows are written: the answer says what happened, and the row is wholly old or wholly new. */
jest.setTimeout(120_000);

interface Kind {
  readonly open: (source: SourceLocation) => Adapter;
  readonly run: (url: string, sql: string) => Promise<readonly Readonly<Record<string, unknown>>[]>;
}

const kinds: Readonly<Record<'postgres' | 'mysql', Kind>> = {
  postgres: {
    open: openPostgres,
    run: async (connectionString, sql) => {
      const client = new pg.Client({ connectionString });
      await client.connect();
      try {
        return (await client.query(sql)).rows;
      } finally {
        await client.end();
      }
    },
  },
  mysql: {
    open: openMysql,
    run: async (url, sql) => {
      const client = await createConnection(url);
      try {
        return (await client.query(sql))[0] as never;
      } finally {
        await client.end();
      }
    },
  },
};

interface Between {
  update?: (() => unknown) | undefined;
  end?: (() => unknown) | undefined;
}

/** The same adapter, with something between its changes and the end of their transaction. */
function meddledWith(adapter: Adapter, between: Between): Adapter {
  const inner = adapter.writing!;
  const within = (one: Transaction): Transaction => ({
    get: (...what) => one.get(...what),
    insert: (...what) => one.insert(...what),
    delete: (...what) => one.delete(...what),
    update: async (...what) => {
      const done = await one.update(...what);
      await between.update?.();
      return done;
    },
  });
  const writing: Adapter['writing'] = {
    can: (...what) => inner.can(...what),
    transaction: (call, work) =>
      inner.transaction(call, async (one) => {
        const result = await work(within(one));
        await between.end?.();
        return result;
      }),
  };
  return Object.create(adapter, { writing: { value: writing } }) as Adapter;
}

describe.each(Object.entries(kinds))('%s', (name, { open, run }) => {
  const between: Between = {};
  let server: OwnServer;
  let proxy: FaultProxy;
  let http: WrittenHttp;

  beforeAll(async () => {
    server = await ownServer(name as keyof typeof kinds);
    await run(
      server.url,
      `CREATE TABLE people (mrn varchar(20) PRIMARY KEY, family varchar(10), given varchar(8), phone varchar(40),
        email varchar(40), weight decimal(5, 1))`,
    );
    await run(
      server.url,
      `CREATE TABLE visits (id int PRIMARY KEY, mrn varchar(20), state varchar(8), began timestamp NULL, ended timestamp NULL,
        planned timestamp NULL)`,
    );
    await run(server.url, "INSERT INTO people (mrn, family, phone, weight) VALUES ('p1', 'Berg', 'first', 1)");
    proxy = await faultProxy(server.url);
    const adapter = open({ name: 'r', location: proxy.url, timeoutMs: 2_000 });
    http = await writtenHttp([registerSource(meddledWith(adapter, between), 2_000)]);
  });
  afterAll(async () => {
    await http?.stop();
    await proxy?.close();
    await server?.close();
  });

  const phone = async () => (await run(server.url, "SELECT phone FROM people WHERE mrn = 'p1'"))[0]!.phone;
  const put = async (value: string, at: Between = {}) => {
    const patient: Patient = {
      resourceType: 'Patient',
      id: 'r.p1',
      identifier: [{ system: 'urn:register:mrn', value: 'p1' }],
      name: [{ family: 'Berg' }],
      telecom: [{ system: 'phone', value }],
    };
    Object.assign(between, { update: undefined, end: undefined }, at);
    const { status } = await http.ask('PUT Patient/r.p1', { body: patient });
    Object.assign(between, { update: undefined, end: undefined });
    return status;
  };
  const outcomes = () => http.records().map(({ state }) => state);
  /** What became of the last write, once the source was asked; and the source is written again. */
  const settled = async () => {
    let left = await http.engine.settle();
    for (let tries = 0; left > 0 && tries < 40; tries++) {
      await new Promise((resolve) => setTimeout(resolve, 250));
      left = await http.engine.settle();
    }
    const last = outcomes().at(-1);
    let status = 0;
    for (let tries = 0; status !== 200 && tries < 60; tries++) {
      status = await put('again');
      if (status !== 200) await new Promise((resolve) => setTimeout(resolve, 500));
    }
    expect([status, await phone()]).toEqual([200, 'again']);
    return last;
  };

  test('a change that nothing comes between', async () => {
    expect([await put('second'), await phone()]).toEqual([200, 'second']);
    expect(outcomes()).toEqual(['made']);
  });

  test('the server is killed between the update and the second reading: nothing is kept', async () => {
    const before = await phone();
    expect(await put('lost', { update: () => server.kill() })).toBe(503);
    expect(outcomes().at(-1)).toBe('undone');
    await server.start();
    expect(await phone()).toBe(before);
    expect(await settled()).toBe('undone');
  });

  test('the way is cut before the end: nothing is kept', async () => {
    const before = await phone();
    expect(await put('lost', { update: () => proxy.set('refuse') })).toBe(503);
    expect(outcomes().at(-1)).toBe('undone');
    await proxy.set('forward');
    expect(await phone()).toBe(before);
    expect(await settled()).toBe('undone');
  });

  test('the answer to COMMIT is lost: in doubt, until the source is asked', async () => {
    expect(await put('doubted', { end: () => proxy.set('cut') })).toBe(504);
    expect(outcomes().at(-1)).toBe('open');
    await proxy.set('forward');
    expect(await phone()).toBe('doubted');
    expect(await settled()).toBe('made');
  });

  test('nothing is said to COMMIT: in doubt once it is too late, and what it was is found out', async () => {
    const before = await phone();
    const began = performance.now();
    expect(await put('unheard', { end: () => proxy.set('stop') })).toBe(504);
    expect(performance.now() - began).toBeLessThan(15_000);
    expect(outcomes().at(-1)).toBe('open');
    await proxy.set('refuse');
    await proxy.set('forward');
    const after = await phone();
    expect([before, 'unheard']).toContain(after);
    expect(await settled()).toBe(after === before ? 'undone' : 'made');
  });

  test('the server is killed while it keeps a change: the row is old or new, as the answer says, and it is found out', async () => {
    for (const late of [0, 1, 3]) {
      const before = await phone();
      const value = `kill ${late}`;
      const killed = new Promise<void>((resolve) => {
        between.end = () => void setTimeout(() => resolve(server.kill()), late);
      });
      const status = await put(value, { end: between.end });
      await killed;
      await server.start();
      const after = await phone();
      const possible = { 200: [value], 503: [before], 504: [before, value] }[status];
      expect([late, status, possible]).toEqual([late, status, expect.arrayContaining([after])]);
      expect(await settled()).toBe(after === before ? 'undone' : 'made');
    }
  });
});
