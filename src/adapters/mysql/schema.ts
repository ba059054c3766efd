import type { Kind, ServerColumn } from '../sql/server/column.js';
import { type Catalog, type IndexPart, type TableParts, tableOfParts } from '../sql/server/schema.js';
import type { Connection } from '../sql/server/vendor.js';

const kinds: Readonly<Record<string, Kind>> = {
  char: 'text',
  varchar: 'text',
  tinytext: 'text',
  text: 'text',
  mediumtext: 'text',
  longtext: 'text',
  tinyint: 'integer',
  smallint: 'integer',
  mediumint: 'integer',
  int: 'integer',
  bigint: 'integer',
  year: 'integer',
  bit: 'integer',
  decimal: 'decimal',
  float: 'single',
  double: 'float',
  date: 'date',
  datetime: 'dateTime',
  timestamp: 'instant',
};

const tables =
  'SELECT TABLE_NAME, TABLE_TYPE FROM information_schema.TABLES WHERE TABLE_SCHEMA = DATABASE() ORDER BY TABLE_NAME';

const columns = `SELECT TABLE_NAME, COLUMN_NAME, DATA_TYPE, COLUMN_TYPE, IS_NULLABLE, CHARACTER_SET_NAME, COLLATION_NAME,
    CHARACTER_MAXIMUM_LENGTH
  FROM information_schema.COLUMNS WHERE TABLE_SCHEMA = DATABASE() ORDER BY TABLE_NAME, ORDINAL_POSITION`;

const indexes = `SELECT TABLE_NAME, INDEX_NAME, NON_UNIQUE, COLUMN_NAME, INDEX_TYPE
  FROM information_schema.STATISTICS WHERE TABLE_SCHEMA = DATABASE() ORDER BY TABLE_NAME, INDEX_NAME, SEQ_IN_INDEX`;

const quote = (name: string) => `\`${name.replaceAll('`', '``')}\``;

/** The tables of the database that the location names. */
export async function catalog(connection: Connection, timeoutMs: number): Promise<Catalog> {
  const run = (text: string) => connection.run({ text, values: [] }, timeoutMs);
  const known = new Map<string, TableParts & { columns: Omit<ServerColumn, 'leads'>[]; parts: IndexPart[] }>();
  for (const [name, type] of await run(tables))
    known.set(name!, { name: name!, sql: quote(name!), stored: type !== 'VIEW', columns: [], parts: [] });
  for (const [table, name, data, type, nullable, charset, collation, length] of await run(columns)) {
    const kind = kinds[data!.toLowerCase()] ?? 'opaque';
    const plain = collation === 'utf8mb4_nopad_bin' || collation === 'utf8mb4_0900_bin';
    known.get(table!)?.columns.push({
      name: name!,
      type: type!,
      kind,
      nullable: nullable !== 'NO',
      plainEqual: plain,
      plainOrder: plain,
      ...(charset !== null && { charset: charset! }),
      ...(collation !== null && { collation: collation! }),
      ...(length !== null && { length: Number(length) }),
      ...(/^bigint.*unsigned/.test(type!) && { unsigned: true }),
    });
  }
  // An index over expressions names no column.
  const parts = await run(indexes);
  const whole = (table: string, index: string) =>
    parts.every(([t, i, , column, type]) => t !== table || i !== index || (column !== null && type === 'BTREE'));
  for (const [table, index, nonUnique, column] of parts) {
    if (!whole(table!, index!)) continue;
    const part = { index: index!, unique: nonUnique === '0', primary: index === 'PRIMARY', column: column! };
    known.get(table!)?.parts.push(part);
  }
  return new Map([...known].map(([name, table]) => [name, tableOfParts(table)]));
}
