import { randomBytes } from 'node:crypto';
import pg from 'pg';
import { bySqlState } from '#src/adapters/sql/server/failure.js';
import type { ServerLocation } from '#src/adapters/sql/server/location.js';
import type { Connection } from '#src/adapters/sql/server/vendor.js';
import type { Adapter, SourceLocation } from '#src/source/adapter.js';
import type { OwnDatabase, ServerSubject } from '../sql/server-cases.js';

async function ownDatabase(url: string): Promise<OwnDatabase> {
  const name = `server_${randomBytes(6).toString('hex')}`;
  const maker = new pg.Client(url);
  await maker.connect();
  await maker.query(`CREATE DATABASE ${name} TEMPLATE template0 ENCODING 'UTF8'`);
  const own = new URL(url);
  own.pathname = `/${name}`;
  const client = new pg.Client(own.href);
  await client.connect();
  const seen = async (columns: string, more: string) =>
    (
      await client.query(
        `SELECT ${columns} FROM pg_stat_activity WHERE datname = $1 AND pid <> pg_backend_pid() AND application_name = 'healthsync' ${more}`,
        [name],
      )
    ).rows as { query: string }[];
  return {
    url: own.href,
    run: (sql) => client.query(sql),
    running: async () => (await seen('query', "AND state = 'active'")).map(({ query }) => query),
    sessions: async () => (await seen('pid', '')).length,
    endSessions: async () => void (await seen('pg_terminate_backend(pid)', '')),
    close: async () => {
      await client.end();
      await maker.query(`DROP DATABASE ${name} WITH (FORCE)`);
      await maker.end();
    },
  };
}

const typed = {
  d: '2024-02-29',
  amount: '12345678901234567890.1200',
  big: 9007199254740993n,
  small: 7,
  yes: true,
  at: '2024-02-29 13:14:15.5',
  instant: '2024-02-29 11:14:15+00:00',
  uid: '0b0e7bd4-8a4f-4c3f-9f43-0a4d4b0f3c11',
  fixed: 'ab',
  score: 0.1,
  single: 0.1,
};

/** A vendor of PostgreSQL's protocol, on a PostgreSQL server. */
export function postgresSubject(
  name: string,
  url: string,
  open: (source: SourceLocation) => Adapter,
  connect: (location: ServerLocation) => (signal: AbortSignal) => Promise<Connection>,
): ServerSubject {
  return {
    name,
    database: () => ownDatabase(url),
    open,
    connect: (location) => {
      const { hostname, port, username, password, pathname } = new URL(location);
      const where = { host: hostname, port: Number(port), user: username, password, database: pathname.slice(1) };
      return connect(where)(new AbortController().signal);
    },
    meaning: bySqlState,
    schema: [
      `CREATE TABLE typed (id int PRIMARY KEY, d date, amount numeric(30, 4), big bigint, small smallint, yes boolean, at timestamp,
      instant timestamptz, uid uuid, fixed char(5), score float8, single real)`,
      `INSERT INTO typed VALUES (1, '2024-02-29', 12345678901234567890.12, 9007199254740993, 7, true, '2024-02-29 13:14:15.5',
      '2024-02-29 13:14:15+02', '0b0e7bd4-8a4f-4c3f-9f43-0a4d4b0f3c11', 'ab', 0.1, 0.1),
      (2, '2024-01-31', -1, 9007199254740992, -7, false, '2024-01-01', '2024-01-01 00:00:00Z', NULL, 'aa', -5, -5),
      (3, '2025-01-01', 12345678901234567890.13, 9007199254740994, 8, NULL, '2024-02-29 13:14:15.6', '2024-03-01 00:00:00Z',
      '1b0e7bd4-8a4f-4c3f-9f43-0a4d4b0f3c11', 'ac', 0.2, 0.2)`,
      ...['d', 'amount', 'big', 'small', 'at', 'instant', 'uid', 'score'].map(
        (name) => `CREATE INDEX ON typed (${name})`,
      ),
      // Else its plans are those of as many rows as it happens to be found with.
      'ALTER TABLE typed SET (autovacuum_enabled = false)',
      'INSERT INTO typed SELECT g FROM generate_series(1001, 21000) g',
      'ANALYZE typed',
      'DELETE FROM typed WHERE id > 1000',
      'CREATE TABLE words (id int PRIMARY KEY, name varchar(100) COLLATE "C", born varchar(12) COLLATE "C")',
      `INSERT INTO words SELECT g, g || 'Name', (date '1950-01-01' + g)::text FROM generate_series(1, 20000) g`,
      "INSERT INTO words VALUES (-1, 'zoe', ' 2024-01-01'), (-2, 'ZOË', '2024-13-01'), (-3, ' Zoe', '2024'), (-4, 'Zoe\u0308 ', ''), (-5, 'Zoé y', NULL)",
      'CREATE INDEX ON words (name)',
      'CREATE INDEX ON words (born)',
      'ANALYZE words',
      'CREATE TABLE unreal (id int PRIMARY KEY, amount numeric, score float8, d date, at timestamp, instant timestamptz)',
      `INSERT INTO unreal VALUES (1, 1e300, 1.7976931348623157e308, '9999-12-31', '9999-12-31 23:59:59.999999', '9999-12-31 23:59:59.999999Z'),
        (2, 'NaN', 'NaN', 'infinity', 'infinity', 'infinity'), (3, NULL, '-Infinity', '0001-12-31 BC', '0001-12-31 BC', '-infinity')`,
      'CREATE VIEW slow AS SELECT g AS id, g::text || pg_sleep(0.05)::text AS n FROM generate_series(1, 2000) g',
      "CREATE TABLE many AS SELECT g AS id, repeat('x', 1000) || g AS n FROM generate_series(1, 200000) g",
      'ALTER TABLE many ADD PRIMARY KEY (id)',
    ],
    typed,
    unreal: [
      ['amount', 'decimal'],
      ['score', 'decimal'],
      ['d', 'date'],
      ['at', 'dateTime'],
      ['instant', 'dateTime'],
    ],
    searches: [
      ['d', 'date', typed.d],
      ['amount', 'decimal', typed.amount],
      ['big', 'integer', typed.big],
      ['small', 'decimal', '7'],
      ['at', 'dateTime', typed.at],
      ['instant', 'dateTime', typed.instant],
      ['uid', 'raw', typed.uid],
      ['score', 'decimal', '0.1'],
    ],
  };
}
