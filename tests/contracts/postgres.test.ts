import { randomBytes } from 'node:crypto';
import pg from 'pg';
import { openPostgres } from '#src/adapters/postgres/adapter.js';
import type { Cell } from '#src/source/row.js';
import { serverUrl } from '../support/server-url.js';
import { sourceContract } from './source.contract.js';
import type { Store, StoredTable } from './store.js';

const url = serverUrl('HEALTHSYNC_TEST_POSTGRES_URL');
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

/** A database of its own for each set of tables. */
const store = (name: string, collation: string, indexed: boolean): Store => ({
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
    for (const table of tables) await fill(client, indexed ? table : { ...table, indexes: [] }, collation);
    await client.end();
    const adapter = openPostgres({ name: 'his', location: location.href, timeoutMs: 10_000 });
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

sourceContract(store('postgres, ordered by code point', ' COLLATE "C"', true));
sourceContract(store('postgres, ordered by ICU', ' COLLATE "en-x-icu"', true));
