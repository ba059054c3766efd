import { randomBytes } from 'node:crypto';
import { createConnection } from 'mysql2/promise';
import { openMysql } from '#src/adapters/mysql/adapter.js';
import { serverUrl } from '../support/server-url.js';
import { registerCases } from './written-register.js';

const url = serverUrl('HEALTHSYNC_TEST_MYSQL_URL');

const meddle = (
  event: 'INSERT' | 'UPDATE',
) => `CREATE TRIGGER meddle_${event} BEFORE ${event} ON people FOR EACH ROW BEGIN
  IF NEW.phone LIKE 'cut%' THEN SET NEW.phone = LEFT(NEW.phone, 5); END IF;
  IF NEW.phone = 'full' THEN SIGNAL SQLSTATE '45000' SET MYSQL_ERRNO = 1114; END IF; END`;

registerCases({
  name: 'MySQL',
  open: openMysql,
  lengthOfGiven: "SELECT LENGTH(given) FROM people WHERE mrn = 'p1'",
  register: async () => {
    const name = `register_${randomBytes(6).toString('hex')}`;
    const client = await createConnection({ uri: url, charset: 'utf8mb4', dateStrings: true });
    await client.query(`CREATE DATABASE ${name} CHARACTER SET utf8mb4`);
    await client.changeUser({ database: name });
    await client.query("SET time_zone = '+00:00'");
    for (const sql of [
      `CREATE TABLE people (mrn varchar(20) PRIMARY KEY, family varchar(10) NOT NULL, given char(8),
        phone varchar(40) CHECK (phone <> 'forbidden'), email varchar(40) UNIQUE, weight decimal(5, 1))`,
      `CREATE TABLE visits (id bigint AUTO_INCREMENT PRIMARY KEY, mrn varchar(20) NOT NULL,
        state varchar(8), began datetime, ended timestamp NULL, planned timestamp NULL, FOREIGN KEY (mrn) REFERENCES people (mrn))`,
      'CREATE TABLE bills (mrn varchar(20), FOREIGN KEY (mrn) REFERENCES people (mrn))',
      meddle('INSERT'),
      meddle('UPDATE'),
      `CREATE USER ${name} IDENTIFIED BY '${name}'`,
      `GRANT SELECT ON ${name}.* TO ${name}`,
    ])
      await client.query(sql);
    const own = Object.assign(new URL(url), { pathname: `/${name}` });
    return {
      url: own.href,
      readerUrls: [Object.assign(new URL(own), { username: name, password: name }).href],
      rows: async (sql) => {
        const [rows] = await client.query({ sql: sql.replace('+00:00', ''), rowsAsArray: true });
        return Array.isArray(rows)
          ? (rows as unknown[][]).map((row) => row.map((cell) => (cell === null ? null : String(cell))))
          : [];
      },
      close: async () => {
        await client.query(`DROP DATABASE ${name}`);
        await client.query(`DROP USER ${name}`);
        await client.end();
      },
    };
  },
});
