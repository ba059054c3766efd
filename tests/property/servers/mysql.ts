import { type Connection, createConnection } from 'mysql2/promise';
import { openMysql } from '#src/adapters/mysql/adapter.js';
import type { Random } from '../../oracle/random.js';
import { type Kept, keptBySql, SCALE } from './kept.js';
import type { Part } from './split.js';
import type { Stored } from './stored.js';
import { flat } from './tables.js';

const quoted = (name: string) => `\`${name}\``;
const types = {
  text: 'TEXT',
  key: 'VARCHAR(191)',
  integer: 'BIGINT',
  float: 'DOUBLE',
  decimal: `DECIMAL(40, ${SCALE})`,
  date: 'DATE',
  dateTime: 'DATETIME(6)',
  boolean: 'TEXT',
} as const;
const native = ['integer', 'float', 'decimal', 'date', 'dateTime'] as const;

/** A part in a database of its own on a MySQL or MariaDB server. Rows lie in the order of a number that no mapping reads. */
export async function inMysql(part: Part, server: string, database: string, random: Random): Promise<Stored> {
  const client = await createConnection({ uri: server, charset: 'utf8mb4' });
  try {
    await client.query(`CREATE DATABASE ${database} CHARACTER SET utf8mb4`);
    await client.changeUser({ database });
    await client.query("SET SESSION sql_mode = ''");
    const [[{ version }]] = (await client.query('SELECT VERSION() AS version')) as unknown as [[{ version: string }]];
    const points = /mariadb/i.test(version) ? 'utf8mb4_nopad_bin' : 'utf8mb4_0900_bin';
    const kept = part.hospital.tables.map((table) => keptBySql(table, part.rows[table.relation.name]!, native, random));
    for (const one of kept) await fill(client, one, random.pick(['utf8mb4_general_ci', 'utf8mb4_bin', points]), random);
    const location = Object.assign(new URL(server), { pathname: `/${database}` }).href;
    return {
      kept,
      adapter: flat(openMysql({ name: part.name, location, timeoutMs: 30_000 })),
      remove: async () => {
        await client.query(`DROP DATABASE ${database}`);
        await client.end();
      },
    };
  } catch (error) {
    client.destroy();
    throw error;
  }
}

async function fill(client: Connection, { table, declared, rows }: Kept, collation: string, random: Random) {
  const { name, key } = table.relation;
  const keys = new Set(key);
  const typeOf = (column: string, i: number) =>
    declared[i] === 'text' && keys.has(column) ? types.key : types[declared[i]!];
  const columns = table.columns.map((column, i) => `${quoted(column.name)} ${typeOf(column.name, i)}`);
  await client.query(
    `CREATE TABLE ${quoted(name)} (row_of INT PRIMARY KEY, ${columns.join(', ')}) DEFAULT CHARSET utf8mb4 COLLATE ${collation}`,
  );
  const bound = rows.map((row, n) => [n, ...row.map((cell) => (typeof cell === 'bigint' ? String(cell) : cell))]);
  if (bound.length > 0) await client.query(`INSERT INTO ${quoted(name)} VALUES ?`, [bound]);
  const part = (column: string) => {
    const i = table.columns.findIndex((one) => one.name === column);
    return declared[i] === 'text' && !keys.has(column) ? `${quoted(column)}(100)` : quoted(column);
  };
  const add = (kind: string, names: readonly string[]) =>
    client.query(`ALTER TABLE ${quoted(name)} ADD ${kind} (${names.map(part).join(', ')})`);
  // What the key says twice, in this collation, the server refuses.
  const unique =
    random.chance(0.5) &&
    (await add('UNIQUE', key).then(
      () => true,
      () => false,
    ));
  if (!unique && random.chance(0.8)) await add('INDEX', key);
  for (const column of table.columns) if (random.chance(0.15)) await add('INDEX', [column.name]);
}
