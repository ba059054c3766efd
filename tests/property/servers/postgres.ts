import pg from 'pg';
import { openPostgres } from '#src/adapters/postgres/adapter.js';
import type { Random } from '../../oracle/random.js';
import { type Kept, keptBySql, SCALE } from './kept.js';
import type { Part } from './split.js';
import type { Stored } from './stored.js';
import { flat } from './tables.js';

const quoted = (name: string) => `"${name}"`;
const types = {
  text: 'text',
  integer: 'bigint',
  float: 'float8',
  decimal: `numeric(40, ${SCALE})`,
  date: 'date',
  dateTime: 'timestamp',
  boolean: 'boolean',
} as const;
const native = ['integer', 'float', 'decimal', 'date', 'dateTime', 'boolean'] as const;

/** A part in a database of its own on a PostgreSQL server. */
export async function inPostgres(part: Part, server: string, database: string, random: Random): Promise<Stored> {
  const maker = new pg.Client(server);
  await maker.connect();
  const remove = async () => {
    await maker.query(`DROP DATABASE IF EXISTS ${database} WITH (FORCE)`);
    await maker.end();
  };
  try {
    await maker.query(`CREATE DATABASE ${database} TEMPLATE template0 ENCODING 'UTF8'`);
    const location = Object.assign(new URL(server), { pathname: `/${database}` }).href;
    const client = new pg.Client(location);
    await client.connect();
    const kept = part.hospital.tables.map((table) => keptBySql(table, part.rows[table.relation.name]!, native, random));
    for (const one of kept) await fill(client, one, random.pick(['', ' COLLATE "C"', ' COLLATE "en-x-icu"']), random);
    await client.end();
    return { kept, adapter: flat(openPostgres({ name: part.name, location, timeoutMs: 30_000 })), remove };
  } catch (error) {
    await remove();
    throw error;
  }
}

async function fill(client: pg.Client, { table, declared, rows }: Kept, collation: string, random: Random) {
  const { name, key } = table.relation;
  const typeOf = (i: number) => `${types[declared[i]!]}${declared[i] === 'text' ? collation : ''}`;
  const columns = table.columns.map((column, i) => `${quoted(column.name)} ${typeOf(i)}`);
  await client.query(`CREATE TABLE ${quoted(name)} (${columns.join(', ')})`);
  const insert = `INSERT INTO ${quoted(name)} VALUES (${columns.map((_, i) => `$${i + 1}`).join(', ')})`;
  await client.query('BEGIN');
  for (const row of rows) await client.query(insert, [...row]);
  await client.query('COMMIT');
  const add = (kind: string, names: readonly string[], how = '') =>
    client.query(`CREATE ${kind} ON ${quoted(name)} (${names.map((one) => `${quoted(one)}${how}`).join(', ')})`);
  // What the key says twice the server refuses.
  const unique =
    random.chance(0.5) &&
    (await add('UNIQUE INDEX', key).then(
      () => true,
      () => false,
    ));
  if (!unique && random.chance(0.8)) await add('INDEX', key);
  for (const [i, column] of table.columns.entries())
    if (random.chance(0.15))
      await add(
        'INDEX',
        [column.name],
        declared[i] === 'text' ? random.pick(['', ' COLLATE "C"', ' text_pattern_ops']) : '',
      );
  await client.query(`ANALYZE ${quoted(name)}`);
}
