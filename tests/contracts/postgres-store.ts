import { randomBytes } from 'node:crypto';
import pg from 'pg';
import type { Adapter, SourceLocation } from '#src/source/adapter.js';
import type { Cell } from '#src/source/row.js';
import type { Store, StoredTable } from './store.js';

const types = { text: 'text', integer: 'bigint', number: 'float8', any: 'text' } as const;
const quoted = (name: string) => `"${name}"`;

async function fill(client: pg.Client, { name, columns, rows, unique, indexes }: StoredTable, collation: string) {
  const declared = columns.map(
    (column) => `${quoted(column.name)} ${types[column.type]}${types[column.type] === 'text' ? collation : ''}`,
  );
  await client.query(`CREATE TABLE ${quoted(name)} (${declared.join(', ')})`);
  for (const row of rows)
    await client.query(`INSERT INTO ${quoted(name)} VALUES (${row.map((_, i) => `$${i + 1}`).join(', ')})`, [...row]);
  for (const [i, index] of [unique, ...indexes].entries())
    await client.query(
      `CREATE ${i === 0 ? 'UNIQUE ' : ''}INDEX ${quoted(`${name}_${i}`)} ON ${quoted(name)} (${index.map(quoted).join(', ')})`,
    );
  await client.query(`ANALYZE ${quoted(name)}`);
}

export interface PostgresStore {
  readonly name: string;
  /** The server's URL. */
  readonly url: string;
  readonly open: (source: SourceLocation) => Adapter;
  /** Of the text columns: ` COLLATE "C"`. */
  readonly collation: string;
}

/** A database of its own for each set of tables. */
export const postgresStore = ({ name, url, open, collation }: PostgresStore): Store => ({
  name,
  types: ['text', 'integer', 'number'],
  cannotKeep: {
    reason: 'PostgreSQL keeps no NUL in a text',
    cell: (cell: Cell) => typeof cell === 'string' && cell.includes('\0'),
  },
  open: async (tables) => {
    const database = `contract_${randomBytes(6).toString('hex')}`;
    const maker = new pg.Client(url);
    await maker.connect();
    await maker.query(`CREATE DATABASE ${database} TEMPLATE template0 ENCODING 'UTF8'`);
    const location = new URL(url);
    location.pathname = `/${database}`;
    const client = new pg.Client(location.href);
    await client.connect();
    for (const table of tables) await fill(client, table, collation);
    await client.end();
    const adapter = open({ name: 'his', location: location.href, timeoutMs: 10_000 });
    return {
      adapter,
      close: async () => {
        await adapter.close();
        await maker.query(`DROP DATABASE ${database} WITH (FORCE)`);
        await maker.end();
      },
    };
  },
});
