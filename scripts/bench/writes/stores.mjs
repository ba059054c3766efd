/** Databases with a table of people, by kind: made anew, and looked into. */
import { rmSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { loadMongodb } from '#demo/load/mongodb.js';
import { loadMysql } from '#demo/load/mysql.js';
import { loadPostgres } from '#demo/load/postgres.js';
import { columns, person, THERE } from './people.mjs';

const ddl = (text, date) =>
  `CREATE TABLE people (${columns.map((column) => `${column} ${column === 'birth_date' ? date : text}${column === 'id' ? ' PRIMARY KEY' : ''}`).join(', ')})`;

function* there() {
  for (let n = 0; n < THERE; n++) yield person(n);
}

const table = (text) => ({
  tables: [
    {
      name: 'people',
      create: [ddl(text, 'DATE')],
      columns,
      rows: (function* () {
        for (const row of there()) yield columns.map((column) => row[column]);
      })(),
      finish: [],
    },
  ],
});

const inBench = (url) => Object.assign(new URL(url), { pathname: '/healthsync_bench_writes' }).href;
const filled = async (loading) => {
  for await (const _ of loading);
};

/** Each gives its location, the number of its rows, a row by its id, and its end. */
export const stores = { sqlite, postgres, mysql, mongodb };

async function sqlite(_, folder) {
  const Database = createRequire(import.meta.url)('better-sqlite3');
  const location = join(folder, 'people.db');
  rmSync(location, { force: true });
  const database = new Database(location);
  database.exec(ddl('TEXT', 'TEXT'));
  const insert = database.prepare(
    `INSERT INTO people (${columns.join(', ')}) VALUES (${columns.map(() => '?').join(', ')})`,
  );
  database.transaction(() => {
    for (const row of there()) insert.run(columns.map((column) => row[column]));
  })();
  return {
    location,
    count: async () => database.prepare('SELECT count(*) FROM people').pluck().get(),
    row: async (id) => database.prepare('SELECT * FROM people WHERE id = ?').get(id),
    close: async () => database.close(),
  };
}

async function postgres(url) {
  const location = inBench(url);
  await filled(loadPostgres(location, table('TEXT')));
  const { default: pg } = await import('pg');
  pg.types.setTypeParser(1082, (text) => text);
  const client = new pg.Client({ connectionString: location });
  await client.connect();
  const all = async (text, values) => (await client.query(text, values)).rows;
  return {
    location,
    count: async () => Number((await all('SELECT count(*) FROM people'))[0].count),
    row: async (id) => (await all('SELECT * FROM people WHERE id = $1', [id]))[0],
    close: () => client.end(),
  };
}

async function mysql(url) {
  const location = inBench(url);
  await filled(loadMysql(location, table('VARCHAR(64)')));
  const { createConnection } = await import('mysql2/promise');
  const connection = await createConnection({ uri: location, dateStrings: true });
  const first = async (text, values) => (await connection.query(text, values))[0][0];
  return {
    location,
    count: async () => (await first('SELECT count(*) AS n FROM people')).n,
    row: (id) => first('SELECT * FROM people WHERE id = ?', [id]),
    close: () => connection.end(),
  };
}

async function mongodb(url) {
  const location = inBench(url);
  const documents = (function* () {
    for (const row of there()) yield { _id: row.id, ...row };
  })();
  await filled(
    loadMongodb(location, {
      collections: [{ name: 'people', documents, indexes: [{ key: { id: 1 }, unique: true }] }],
    }),
  );
  const { MongoClient } = await import('mongodb');
  const client = new MongoClient(location);
  const people = client.db().collection('people');
  return {
    location,
    count: () => people.countDocuments(),
    row: (id) => people.findOne({ id }),
    close: () => client.close(),
  };
}
