import { randomBytes } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import pg from 'pg';
import { connect } from '#src/adapters/postgres/driver.js';
import { Prepared } from '#src/adapters/postgres/prepared.js';
import type { Connection } from '#src/adapters/sql/server/vendor.js';
import { serverUrl } from '../../../support/server-url.js';

const url = new URL(serverUrl('HEALTHSYNC_TEST_POSTGRES_URL'));

describe('statements that a PostgreSQL session keeps prepared', () => {
  const table = `prepared_${randomBytes(6).toString('hex')}`;
  const beside = new pg.Client(url.href);
  let session: Connection;
  const ask = (text: string, ...values: string[]) => session.run({ text, values }, 5_000);
  const prepared = async () => Number((await ask('SELECT count(*) FROM pg_prepared_statements'))[0]![0]);

  beforeAll(async () => {
    await beside.connect();
    await beside.query(`CREATE TABLE ${table} (id int PRIMARY KEY, name text)`);
    await beside.query(`INSERT INTO ${table} VALUES (1, 'a'), (2, 'b')`);
    const { hostname: host, port, username: user, password, pathname } = url;
    session = await connect({ host, port: Number(port), user, password, database: pathname.slice(1) })(
      new AbortController().signal,
    );
  });
  afterAll(async () => {
    session.destroy();
    await beside.query(`DROP TABLE ${table}`);
    await beside.end();
  });

  it('are those that came again, each with its own values', async () => {
    const text = `SELECT name FROM ${table} WHERE id = $1`;
    expect(await ask(text, '1')).toEqual([['a']]);
    expect(await prepared()).toBe(0);
    expect(await ask(text, '2')).toEqual([['b']]);
    expect(await ask(text, '1')).toEqual([['a']]);
    // The count itself came again, too.
    expect(await prepared()).toBe(2);
  });

  it('are at most a hundred, the last ones', async () => {
    for (let i = 0; i < 150; i++) for (let twice = 0; twice < 2; twice++) await ask(`SELECT ${i}`);
    expect(await prepared()).toBeLessThanOrEqual(100);
    expect(await ask('SELECT name FROM pg_prepared_statements WHERE statement = $1', 'SELECT 149')).toHaveLength(1);
    expect(await ask('SELECT name FROM pg_prepared_statements WHERE statement = $1', 'SELECT 0')).toHaveLength(0);
  });

  it.each([
    ['its column has another type now', `ALTER TABLE ${table} ALTER COLUMN id TYPE bigint`, beside],
    ['somebody let it go', 'DEALLOCATE ALL', undefined],
  ])('are asked anew when %s', async (_, change, by) => {
    const text = `SELECT id, name FROM ${table} WHERE name = $1`;
    for (let i = 0; i < 3; i++) expect(await ask(text, 'a')).toEqual([['1', 'a']]);
    if (by) await by.query(change);
    else await ask(change);
    expect(await ask(text, 'a')).toEqual([['1', 'a']]);
    expect(await ask(text, 'b')).toEqual([['2', 'b']]);
  });

  it('have a name from their second time on, and the one unused for longest is dropped for a new one', () => {
    const kept = new Prepared();
    expect(kept.nameOf('first')).toEqual({});
    expect(kept.nameOf('first')).toEqual({ name: 'hs_0' });
    for (let i = 0; i < 99; i++) expect(kept.nameOf(`once ${i}`)).toEqual({});
    expect(kept.nameOf('one more')).toEqual({ dropped: 'hs_0' });
    expect(kept.nameOf('yet another')).toEqual({});
    expect(kept.nameOf('first')).toEqual({});
  });
});
