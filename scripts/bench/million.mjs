/** A million rows, streamed through the adapter of one kind: prints the megabytes in use early, half way and at the end as JSON. `kind` */

import { once } from 'node:events';
import { createWriteStream, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';

const [kind] = process.argv.slice(2);
const ROWS = 1_000_000;
const AT_ONCE = 20_000;
const name = `million_${process.pid}`;
const folder = mkdtempSync(join(tmpdir(), 'healthsync-million-'));
const url = new URL(process.env[`HEALTHSYNC_TEST_${kind.toUpperCase()}_URL`] ?? 'file:///');
const database = Object.assign(new URL(url), { pathname: `/${name}` }).href;
const note = (i) => `a note of patient ${i}, who was seen`;
const parts = function* () {
  for (let from = 0; from < ROWS; from += AT_ONCE) yield Array.from({ length: AT_ONCE }, (_, i) => from + i);
};

/** Fills a table `rows (id, note)`, and gives back what empties it. */
const fill = {
  async mysql() {
    const { createConnection } = await import('mysql2/promise');
    const client = await createConnection(url.href);
    await client.query(`CREATE DATABASE ${name}`);
    await client.changeUser({ database: name });
    await client.query('CREATE TABLE rows_ (id BIGINT PRIMARY KEY, note TEXT)');
    for (const part of parts()) await client.query('INSERT INTO rows_ VALUES ?', [part.map((i) => [i, note(i)])]);
    return async () => {
      await client.query(`DROP DATABASE ${name}`);
      await client.end();
    };
  },
  async postgres() {
    const { default: pg } = await import('pg');
    const maker = new pg.Client(url.href);
    await maker.connect();
    await maker.query(`CREATE DATABASE ${name}`);
    const client = new pg.Client(database);
    await client.connect();
    await client.query('CREATE TABLE rows_ (id bigint PRIMARY KEY, note text)');
    await client.query(
      `INSERT INTO rows_ SELECT i, 'a note of patient ' || i || ', who was seen' FROM generate_series(0, ${ROWS - 1}) AS i`,
    );
    await client.end();
    return async () => {
      await maker.query(`DROP DATABASE ${name} WITH (FORCE)`);
      await maker.end();
    };
  },
  async mongodb() {
    const { MongoClient } = await import('mongodb');
    const client = await MongoClient.connect(url.href);
    const rows = client.db(name).collection('rows_');
    await rows.createIndex({ id: 1 }, { unique: true });
    for (const part of parts()) await rows.insertMany(part.map((i) => ({ id: i, note: note(i) })));
    return async () => {
      await client.db(name).dropDatabase();
      await client.close();
    };
  },
  async influxdb() {
    const headers = {
      authorization: `Basic ${Buffer.from(`${url.username}:${url.password}`).toString('base64')}`,
    };
    const send = async (path, body) => {
      const response = await fetch(`${url.origin}${path}`, { method: 'POST', headers, body });
      if (!response.ok) throw new Error(await response.text());
    };
    await send('/query', new URLSearchParams({ q: `CREATE DATABASE ${name}` }));
    const start = 1_700_000_000_000_000_000n;
    for (const part of parts())
      await send(
        `/write?db=${name}&precision=ns`,
        part.map((i) => `rows_,ward=w${i % 10} note="${note(i)}" ${start + BigInt(i) * 10_000_000n}`).join('\n'),
      );
    return () => send('/query', new URLSearchParams({ q: `DROP DATABASE ${name}` }));
  },
  async neo4j() {
    const { default: neo4j } = await import('neo4j-driver');
    const driver = neo4j.driver(
      `${url.protocol}//${url.host}`,
      neo4j.auth.basic(url.username, decodeURIComponent(url.password)),
    );
    await driver.executeQuery(`CREATE CONSTRAINT ${name} FOR (n:${name}) REQUIRE n.id IS UNIQUE`);
    for (const part of parts())
      await driver.executeQuery(`UNWIND $rows AS row CREATE (n:${name}) SET n = row`, {
        rows: part.map((i) => ({ id: neo4j.int(i), note: note(i) })),
      });
    return async () => {
      const session = driver.session();
      await session.run(`MATCH (n:${name}) CALL (n) { DELETE n } IN TRANSACTIONS OF 20000 ROWS`);
      await session.close();
      await driver.executeQuery(`DROP CONSTRAINT ${name}`);
      await driver.close();
    };
  },
  async sqlite() {
    const { default: Database } = await import('better-sqlite3');
    const client = new Database(join(folder, 'rows.db'));
    client.exec(`CREATE TABLE rows_ (id INTEGER PRIMARY KEY, note TEXT);
      INSERT INTO rows_ WITH RECURSIVE n(i) AS (SELECT 0 UNION ALL SELECT i + 1 FROM n WHERE i < ${ROWS - 1})
      SELECT i, 'a note of patient ' || i || ', who was seen' FROM n`);
    client.close();
  },
  csv: () => file('rows_.csv', 'id,note\n', (i) => `${i},"${note(i)}"\n`),
  json: () => file('rows_.ndjson', '', (i) => `${JSON.stringify({ id: i, note: note(i) })}\n`),
};

async function file(called, head, line) {
  const stream = createWriteStream(join(folder, called));
  stream.write(head);
  for (const part of parts()) if (!stream.write(part.map(line).join(''))) await once(stream, 'drain');
  stream.end();
  await once(stream, 'finish');
}

const open = {
  mysql: async () => (await import('#src/adapters/mysql/adapter.js')).openMysql,
  postgres: async () => (await import('#src/adapters/postgres/adapter.js')).openPostgres,
  mongodb: async () => (await import('#src/adapters/mongodb/adapter.js')).openMongodb,
  influxdb: async () => (await import('#src/adapters/influxdb/adapter.js')).openInfluxdb,
  neo4j: async () => (await import('#src/adapters/neo4j/adapter.js')).openNeo4j,
  sqlite: async () => (await import('#src/adapters/sqlite/adapter.js')).openSqlite,
  csv: async () => (await import('#src/adapters/duckdb/adapter.js')).openDuckdb,
  json: async () => (await import('#src/adapters/duckdb/adapter.js')).openDuckdb,
};
const locations = { sqlite: join(folder, 'rows.db'), csv: folder, json: folder, neo4j: url.href };

setFlagsFromString('--expose-gc');
const collect = runInNewContext('gc');
const live = () => {
  collect();
  const { heapUsed, external } = process.memoryUsage();
  return (heapUsed + external) / 2 ** 20;
};

const empty = await fill[kind]();
try {
  const timeoutMs = 600_000;
  const adapter = (await open[kind]())({ name: kind, location: locations[kind] ?? database, timeoutMs });
  const key = kind === 'influxdb' ? 'time' : 'id';
  const columns = Object.fromEntries([key, 'note'].map((column) => [column, { path: [column], type: 'text' }]));
  const relation = {
    kind: 'table',
    name: kind === 'neo4j' ? name : 'rows_',
    key: kind === 'influxdb' ? ['time', 'ward'] : [key],
    columns: kind === 'influxdb' ? { ...columns, ward: { path: ['ward'], type: 'text' } } : columns,
  };
  const output = [key, 'note'].map((column) => ({ kind: 'column', column }));
  const scan = { relation, output, where: { op: 'true' }, order: [] };
  const call = { signal: new AbortController().signal, deadline: performance.now() + timeoutMs };
  const megabytes = [];
  let rows = 0;
  const begun = performance.now();
  for await (const batch of adapter.scan(scan, call)) {
    rows += batch.rows.length;
    if (rows >= [ROWS / 10, ROWS / 2, ROWS * 0.98][megabytes.length]) megabytes.push(live());
  }
  const seconds = (performance.now() - begun) / 1000;
  await adapter.close();
  if (rows !== ROWS) throw new Error(`${rows} rows of ${ROWS}`);
  process.stdout.write(`streamed ${JSON.stringify({ megabytes, seconds })}\n`);
} finally {
  await empty?.();
  rmSync(folder, { recursive: true });
}
