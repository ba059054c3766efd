import { randomBytes } from 'node:crypto';
import { type Connection, createConnection } from 'mysql2/promise';
import { openMysql } from '#src/adapters/mysql/adapter.js';
import { capabilities } from '#src/adapters/mysql/capabilities.js';
import { dialect } from '#src/adapters/mysql/compiler.js';
import { connect } from '#src/adapters/mysql/driver.js';
import { catalog } from '#src/adapters/mysql/schema.js';
import { ServerAdapter } from '#src/adapters/sql/server/adapter.js';
import type { Adapter, SourceLocation } from '#src/source/adapter.js';
import { serverUrl } from '../support/server-url.js';
import { writeContract } from './write.contract.js';
import type { WriteStore, WrittenColumn, WrittenTable } from './write-store.js';

const url = serverUrl('HEALTHSYNC_TEST_MYSQL_URL');
const types = {
  text: 'TEXT',
  integer: 'BIGINT',
  number: 'DOUBLE',
  decimal: 'DECIMAL(40, 8)',
  boolean: 'BOOLEAN',
  date: 'DATE',
  dateTime: 'DATETIME(3)',
} as const;

interface Setting {
  readonly instants?: true;
  readonly open?: (source: SourceLocation) => Adapter;
}

/** As MySQL, whose INSERT hands back no more than a number. */
function openWithoutReturning(source: SourceLocation): Adapter {
  const { hostname: host, port, username: user, password, pathname } = new URL(source.location);
  const flavour = { mariadb: false };
  const said = dialect(flavour);
  const location = { host, port: Number(port), user, password, database: pathname.slice(1) };
  const vendor = {
    ...said,
    writing: { ...said.writing, returns: () => false },
    connect: connect(location, flavour),
    catalog,
  };
  return new ServerAdapter(vendor, source, capabilities);
}

/** A database of its own for each set of tables. */
const store = (name: string, collation: string, { instants, open = openMysql }: Setting = {}): WriteStore => ({
  name,
  types: Object.keys(types) as (keyof typeof types)[],
  ...(instants && { instants }),
  open: async (tables) => {
    const declared = ({ name: column, type, length, required, unique, assigned, checked }: WrittenColumn) =>
      [
        `\`${column}\` ${type === 'text' && length ? `VARCHAR(${length})` : type === 'dateTime' && instants ? 'TIMESTAMP(3) NULL' : types[type]}`,
        ...(required ? ['NOT NULL'] : []),
        ...(unique ? ['UNIQUE'] : []),
        ...(assigned ? ['AUTO_INCREMENT'] : []),
        ...(checked ? [`CHECK (\`${column}\` <> 'forbidden')`] : []),
      ].join(' ');
    const create = async (client: Connection, { name: table, columns, key, keyed }: WrittenTable) => {
      const keys = keyed ? `, PRIMARY KEY (\`${key}\`)` : '';
      await client.query(`CREATE TABLE \`${table}\` (${columns.map(declared).join(', ')}${keys}) COLLATE ${collation}`);
    };
    const insert = async (client: Connection, { name: table, columns, rows }: WrittenTable) => {
      const places = columns.map(() => '?').join(', ');
      for (const row of rows)
        await client.execute(
          `INSERT INTO \`${table}\` VALUES (${places})`,
          row.map((cell) => (typeof cell === 'string' ? cell.replace('Z', '') : cell)) as never,
        );
    };
    const database = `write_${randomBytes(6).toString('hex')}`;
    const client = await createConnection({ uri: url, charset: 'utf8mb4' });
    await client.query(`CREATE DATABASE ${database} CHARACTER SET utf8mb4`);
    await client.changeUser({ database });
    await client.query("SET time_zone = '+00:00'");
    for (const table of tables) {
      await create(client, table);
      await insert(client, table);
    }
    // What is rolled back there is kept all the same.
    await client.query('CREATE TABLE kept (id VARCHAR(60) PRIMARY KEY, name TEXT) ENGINE = MyISAM');
    const location = new URL(url);
    location.pathname = `/${database}`;
    const adapter = open({ name: 'his', location: location.href, timeoutMs: 10_000 });
    await adapter.describe({ signal: new AbortController().signal, deadline: performance.now() + 10_000 });
    return {
      adapter,
      native: async (table) => {
        const { columns } = tables.find((one) => one.name === table)!;
        const bytes = columns.map((column) => `HEX(\`${column.name}\`)`).join(', ');
        const text = `SELECT ${bytes} FROM \`${table}\` ORDER BY id, 2`;
        return (await client.query({ sql: text, rowsAsArray: true }))[0] as unknown as unknown[];
      },
      cannot: (people) => {
        const path = ['name', 'first'];
        const nested = { ...people, columns: { ...people.columns, name: { name: 'name', path } } };
        const { id, name: named } = people.columns;
        const kept = { ...people, name: 'kept', columns: { id: id!, name: named! } };
        const changes = ['insert', 'update', 'delete'] as const;
        return [nested, kept].flatMap((relation) => changes.map((change) => [relation, change] as const));
      },
      reset: async () => {
        for (const table of tables) {
          await client.query(`DELETE FROM \`${table.name}\``);
          await insert(client, table);
        }
      },
      close: async () => {
        await adapter.close();
        await client.query(`DROP DATABASE ${database}`);
        await client.end();
      },
    };
  },
});

writeContract(store('mysql, letters of any case alike', 'utf8mb4_general_ci'));
writeContract(store('mysql, ordered by code point and blanks, with moments', 'utf8mb4_bin', { instants: true }));
writeContract(store('mysql, without RETURNING', 'utf8mb4_general_ci', { open: openWithoutReturning }));
