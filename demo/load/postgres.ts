import pg from 'pg';
import { batches } from '../batches.js';
import type { Tables } from './tables.js';

const ROWS = 1_000;
/** invalid_catalog_name (https://www.postgresql.org/docs/current/errcodes-appendix.html) */
const NO_DATABASE = '3D000';

/**
 * Fills a PostgreSQL database, which is created when it is not there; yields the number of rows of each batch.
 * `url`: `postgres://user:password@host:port/database`.
 */
export async function* loadPostgres(url: string, { tables }: Tables): AsyncGenerator<number> {
  const client = await connected(url);
  try {
    for (const table of tables) {
      await client.query(`DROP TABLE IF EXISTS ${name(table.name)} CASCADE`);
      for (const statement of table.create) await client.query(statement);
      const columns = table.columns.map(name).join(', ');
      for (const rows of batches(table.rows, ROWS)) {
        const places = rows.map((row, i) => `(${row.map((_, j) => `$${i * row.length + j + 1}`).join(', ')})`);
        await client.query(`INSERT INTO ${name(table.name)} (${columns}) VALUES ${places.join(', ')}`, rows.flat());
        yield rows.length;
      }
      for (const statement of table.finish) await client.query(statement);
      await client.query(`ANALYZE ${name(table.name)}`);
    }
  } finally {
    await client.end();
  }
}

async function connected(url: string): Promise<pg.Client> {
  const client = new pg.Client({ connectionString: url });
  try {
    await client.connect();
    return client;
  } catch (error) {
    if ((error as { readonly code?: unknown }).code !== NO_DATABASE) throw error;
  }
  const { database } = client;
  const any = new URL(url);
  any.pathname = '/postgres';
  const creator = new pg.Client({ connectionString: any.href });
  await creator.connect();
  try {
    await creator.query(`CREATE DATABASE ${name(database!)} ENCODING 'UTF8' TEMPLATE template0`);
  } finally {
    await creator.end();
  }
  const second = new pg.Client({ connectionString: url });
  await second.connect();
  return second;
}

function name(identifier: string): string {
  return `"${identifier.replaceAll('"', '""')}"`;
}
