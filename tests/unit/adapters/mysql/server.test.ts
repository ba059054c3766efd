import { randomBytes } from 'node:crypto';
import { createConnection } from 'mysql2/promise';
import { openMysql } from '#src/adapters/mysql/adapter.js';
import { connect } from '#src/adapters/mysql/driver.js';
import { meaning } from '#src/adapters/mysql/failure.js';
import { serverUrl } from '../../../support/server-url.js';
import { type OwnDatabase, serverCases } from '../sql/server-cases.js';

const url = serverUrl('HEALTHSYNC_TEST_MYSQL_URL');

async function database(): Promise<OwnDatabase> {
  const name = `server_${randomBytes(6).toString('hex')}`;
  const client = await createConnection({ uri: url, charset: 'utf8mb4' });
  await client.query(`CREATE DATABASE ${name} CHARACTER SET utf8mb4`);
  await client.changeUser({ database: name });
  const seen = async () =>
    (
      await client.query(
        'SELECT ID AS id, COMMAND AS command, INFO AS info FROM information_schema.PROCESSLIST WHERE DB = ? AND ID <> CONNECTION_ID()',
        [name],
      )
    )[0] as { id: number; command: string; info: string | null }[];
  const own = new URL(url);
  own.pathname = `/${name}`;
  return {
    url: own.href,
    run: (sql) => client.query(sql),
    running: async () => (await seen()).filter(({ command }) => command !== 'Sleep').map(({ info }) => info ?? ''),
    sessions: async () => (await seen()).length,
    endSessions: async () => {
      for (const { id } of await seen()) await client.query(`KILL ${id}`);
    },
    close: async () => {
      await client.query(`DROP DATABASE ${name}`);
      await client.end();
    },
  };
}

const typed = {
  d: '2024-02-29',
  zero: '0000-00-00',
  amount: '12345678901234567890.1200',
  big: 9007199254740993n,
  most: 18446744073709551615n,
  yes: 1,
  bits: 5,
  at: '2024-02-29 13:14:15.5',
  instant: '2024-02-29 11:14:15+00:00',
  kind: 'two',
  score: 0.1,
  single: 0.1,
  latin: 'Müller',
};
const digits =
  '(SELECT 0 AS d UNION SELECT 1 UNION SELECT 2 UNION SELECT 3 UNION SELECT 4 UNION SELECT 5 UNION SELECT 6 UNION SELECT 7 UNION SELECT 8 UNION SELECT 9)';

serverCases({
  name: 'MySQL',
  database,
  open: openMysql,
  connect: (location) => {
    const { hostname, port, username, password, pathname } = new URL(location);
    const where = { host: hostname, port: Number(port), user: username, password, database: pathname.slice(1) };
    return connect(where, { mariadb: true })(new AbortController().signal);
  },
  meaning,
  schema: [
    "SET sql_mode = 'ALLOW_INVALID_DATES', time_zone = '+02:00'",
    `CREATE TABLE typed (id int PRIMARY KEY, d date, zero date, amount decimal(30, 4), big bigint, most bigint unsigned, yes boolean,
      bits bit(3), at datetime(3), instant timestamp NULL, kind enum('one', 'two'), score double, single float,
      latin varchar(20) CHARACTER SET latin1)`,
    `INSERT INTO typed VALUES (1, '2024-02-29', '0000-00-00', 12345678901234567890.12, 9007199254740993, 18446744073709551615, true, 5,
      '2024-02-29 13:14:15.5', '2024-02-29 13:14:15', 'two', 0.1, 0.1, 'Müller'),
      (2, '2024-01-31', '2024-02-31', -1, 9007199254740992, 1, false, 1, '2024-01-01', '2024-01-01 00:00:00', 'one', -5, -5, 'a'),
      (3, '2025-01-01', '2024-00-00', 12345678901234567890.13, 9007199254740994, 2, NULL, 2, '2024-02-29 13:14:15.6',
      '2024-03-01 00:00:00', 'one', 0.2, 0.2, 'b')`,
    ...['d', 'amount', 'big', 'at', 'instant', 'score'].map((name) => `CREATE INDEX of_${name} ON typed (${name})`),
    `INSERT INTO typed (id) SELECT 1000 + 100 * a.d + 10 * b.d + c.d FROM ${digits} a, ${digits} b, ${digits} c`,
    'ANALYZE TABLE typed',
    'CREATE TABLE words (id int PRIMARY KEY, name varchar(100), born varchar(12)) COLLATE utf8mb4_general_ci',
    `INSERT INTO words SELECT g, CONCAT(g, 'Name'), DATE '1950-01-01' + INTERVAL g DAY FROM (SELECT 1 + 10000 * a.d + 1000 * b.d + 100 * c.d + 10 * d.d + e.d AS g
      FROM (SELECT 0 AS d UNION SELECT 1) a, ${digits} b, ${digits} c, ${digits} d, ${digits} e) numbers`,
    "INSERT INTO words VALUES (-1, 'zoe', ' 2024-01-01'), (-2, 'ZOË', '2024-13-01'), (-3, ' Zoe', '2024'), (-4, 'Zoe\u0308 ', ''), (-5, 'Zoé y', NULL)",
    'CREATE INDEX of_name ON words (name)',
    'CREATE INDEX of_born ON words (born)',
    'ANALYZE TABLE words',
    'CREATE TABLE unreal (id int PRIMARY KEY, d date, at datetime(6), instant timestamp(6) NULL)',
    `INSERT INTO unreal VALUES (1, '9999-12-31', '9999-12-31 23:59:59.999999', '2037-12-31 23:59:59.999999'),
      (2, '0000-00-00', '0000-00-00', '0000-00-00'), (3, '2024-02-31', '2024-00-01', NULL)`,
    `CREATE VIEW slow AS SELECT 10 * a.d + b.d AS id, CONCAT('n', SLEEP(0.05)) AS n FROM ${digits} a, ${digits} b, ${digits} c`,
    'DELETE FROM typed WHERE id > 999',
    `CREATE TABLE many (id int PRIMARY KEY, n varchar(1100))`,
    `INSERT INTO many SELECT 100000 * f.d + 10000 * a.d + 1000 * b.d + 100 * c.d + 10 * d.d + e.d, REPEAT('x', 1000)
      FROM (SELECT 0 AS d UNION SELECT 1) f, ${digits} a, ${digits} b, ${digits} c, ${digits} d, ${digits} e`,
  ],
  typed,
  unreal: [
    ['d', 'date'],
    ['at', 'dateTime'],
    ['instant', 'dateTime'],
  ],
  searches: [
    ['d', 'date', typed.d],
    ['amount', 'decimal', typed.amount],
    ['big', 'integer', typed.big],
    ['at', 'dateTime', typed.at],
    ['instant', 'dateTime', typed.instant],
    ['score', 'decimal', '0.1'],
  ],
});
