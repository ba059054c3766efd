import { randomBytes } from 'node:crypto';
import { type Connection, createConnection } from 'mysql2/promise';
import { openMysql } from '#src/adapters/mysql/adapter.js';
import { serverUrl } from '../support/server-url.js';
import { sourceContract } from './source.contract.js';
import type { Store, StoredTable } from './store.js';

const url = serverUrl('HEALTHSYNC_TEST_MYSQL_URL');
const types = { text: 'VARCHAR(191)', integer: 'BIGINT', number: 'DOUBLE', any: 'VARCHAR(191)' } as const;
const quoted = (name: string) => `\`${name}\``;

async function fill(client: Connection, { name, columns, rows, unique, indexes }: StoredTable, collation: string) {
  const declared = columns.map((column) => `${quoted(column.name)} ${types[column.type]}`);
  await client.query(`CREATE TABLE ${quoted(name)} (${declared.join(', ')}) COLLATE ${collation}`);
  for (const row of rows)
    await client.execute(`INSERT INTO ${quoted(name)} VALUES (${row.map(() => '?').join(', ')})`, [...row] as never);
  for (const [i, index] of [unique, ...indexes].entries())
    await client.query(
      `CREATE ${i === 0 ? 'UNIQUE ' : ''}INDEX ${quoted(`${name}_${i}`)} ON ${quoted(name)} (${index.map(quoted).join(', ')})`,
    );
}

/** A database of its own for each set of tables. */
const store = (name: string, collationOf: (mariadb: boolean) => string, indexed = true): Store => ({
  name,
  types: ['text', 'integer', 'number'],
  open: async (tables) => {
    const database = `contract_${randomBytes(6).toString('hex')}`;
    const client = await createConnection({ uri: url, charset: 'utf8mb4' });
    await client.query(`CREATE DATABASE ${database} CHARACTER SET utf8mb4`);
    await client.changeUser({ database });
    const [[{ version }]] = (await client.query('SELECT VERSION() AS version')) as unknown as [[{ version: string }]];
    const collation = collationOf(/mariadb/i.test(version));
    for (const table of tables) await fill(client, indexed ? table : { ...table, indexes: [] }, collation);
    const location = new URL(url);
    location.pathname = `/${database}`;
    const adapter = openMysql({ name: 'his', location: location.href, timeoutMs: 10_000 });
    return {
      adapter,
      close: async () => {
        await adapter.close();
        await client.query(`DROP DATABASE ${database}`);
        await client.end();
      },
    };
  },
});

sourceContract(store('mysql, letters of any case alike', () => 'utf8mb4_general_ci'));
sourceContract(store('mysql, ordered by code point and blanks', () => 'utf8mb4_bin'));
sourceContract(
  store('mysql, ordered by code point', (mariadb) => (mariadb ? 'utf8mb4_nopad_bin' : 'utf8mb4_0900_bin')),
);
