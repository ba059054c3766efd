import { createConnection } from 'mysql2/promise';
import { batches } from '../batches.js';
import type { Tables } from './tables.js';

const ROWS = 1_000;

/**
 * Fills a MySQL or MariaDB database, which is created when it is not there; yields the number of rows of each batch.
 * `url`: `mysql://user:password@host:port/database`.
 */
export async function* loadMysql(url: string, { tables }: Tables): AsyncGenerator<number> {
  const server = new URL(url);
  const database = name(decodeURIComponent(server.pathname.slice(1)));
  const connection = await createConnection({
    host: server.hostname,
    port: Number(server.port || 3306),
    user: decodeURIComponent(server.username),
    password: decodeURIComponent(server.password),
    charset: 'utf8mb4',
  });
  try {
    await connection.query(`CREATE DATABASE IF NOT EXISTS ${database} CHARACTER SET utf8mb4`);
    await connection.query(`USE ${database}`);
    // What hospitals have kept for long was let in by older servers: the date 0000-00-00.
    await connection.query("SET SESSION sql_mode = '', time_zone = '+00:00'");
    for (const table of tables) {
      await connection.query(`DROP TABLE IF EXISTS ${name(table.name)}`);
      for (const statement of table.create) await connection.query(statement);
      const insert = `INSERT INTO ${name(table.name)} (${table.columns.map(name).join(', ')}) VALUES ?`;
      for (const rows of batches(table.rows, ROWS)) {
        await connection.query(insert, [rows]);
        yield rows.length;
      }
      for (const statement of table.finish) await connection.query(statement);
      await connection.query(`ANALYZE TABLE ${name(table.name)}`);
    }
  } finally {
    await connection.end();
  }
}

function name(identifier: string): string {
  return `\`${identifier.replaceAll('`', '``')}\``;
}
