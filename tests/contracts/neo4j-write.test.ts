import { randomBytes } from 'node:crypto';
import neo4j, { type Driver } from 'neo4j-driver';
import { openNeo4j } from '#src/adapters/neo4j/adapter.js';
import type { Cell } from '#src/source/row.js';
import { renamedTables } from '../support/renamed-tables.js';
import { serverUrl } from '../support/server-url.js';
import { writeContract } from './write.contract.js';
import type { WrittenColumn, WrittenTable } from './write-store.js';

const location = serverUrl('HEALTHSYNC_TEST_NEO4J_URL');
const url = new URL(location);
const open = () =>
  neo4j.driver(`${url.protocol}//${url.host}`, neo4j.auth.basic(url.username, url.password), { useBigInt: true });

/** Cypher of a value of a column, of the text or the number in `row`. */
function native({ name, type, assigned }: WrittenColumn): string {
  const value = `row.\`${name}\``;
  if (assigned) return `toString(${value})`;
  if (type === 'date') return `date(${value})`;
  return type === 'dateTime' ? `datetime(${value})` : value;
}

function property({ type }: WrittenColumn, cell: Cell): unknown {
  return type === 'integer' && cell !== null ? BigInt(cell as number) : cell;
}

async function fill(driver: Driver, label: string, { columns, rows, key, keyed }: WrittenTable): Promise<void> {
  const sets = columns.map((column) => `n.\`${column.name}\` = ${native(column)}`);
  await driver.executeQuery(`UNWIND $rows AS row CREATE (n:\`${label}\`) SET ${sets.join(', ')}, n.beside = [1, 2]`, {
    rows: rows.map((row) => Object.fromEntries(columns.map((column, i) => [column.name, property(column, row[i]!)]))),
  });
  for (const column of columns)
    if (column.unique || (keyed && column.name === key))
      await driver.executeQuery(
        `CREATE CONSTRAINT \`${label}_${column.name}\` FOR (n:\`${label}\`) REQUIRE n.\`${column.name}\` IS UNIQUE`,
      );
}

async function empty(driver: Driver, label: string, { columns }: WrittenTable): Promise<void> {
  for (const { name } of columns) await driver.executeQuery(`DROP CONSTRAINT \`${label}_${name}\` IF EXISTS`);
  await driver.executeQuery(`MATCH (n:\`${label}\`) DETACH DELETE n`);
}

const noRules = 'the community edition has rules for unique values alone';

writeContract({
  name: 'neo4j',
  types: ['text', 'integer', 'number', 'boolean', 'date', 'dateTime'],
  instants: true,
  omits: {
    'a column that is not there is named': 'nodes need not have all properties: a new one is made',
    'a column that is never null is not made so': noRules,
    'a rule of the source is kept': noRules,
    'a text that is too long is refused, or seen when it is read again': noRules,
  },
  open: async (tables) => {
    const prefix = `w${randomBytes(6).toString('hex')}_`;
    const driver = open();
    for (const table of tables) await fill(driver, prefix + table.name, table);
    const adapter = renamedTables(openNeo4j({ name: 'graph', location, timeoutMs: 20_000 }), prefix);
    return {
      adapter,
      native: async (table) => {
        const { records } = await driver.executeQuery(
          `MATCH (n:\`${prefix}${table}\`) RETURN labels(n), [k IN keys(n) | [k, toString(valueType(n[k])), toStringOrNull(n[k]), n[k]]] AS all ORDER BY n.id, id(n)`,
        );
        return records.map((record) => {
          const [labels, properties] = [...record.values()] as [unknown, readonly (readonly unknown[])[]];
          const sorted = [...properties].sort((a, b) => (String(a[0]) < String(b[0]) ? -1 : 1));
          return JSON.stringify([labels, sorted], (_, value) => (typeof value === 'bigint' ? `${value}n` : value));
        });
      },
      cannot: (people) => {
        const name = { name: 'name', path: ['start', 'name'] };
        const nested = { ...people, columns: { ...people.columns, name } };
        return (['insert', 'update', 'delete'] as const).map((change) => [nested, change]);
      },
      close: async () => {
        await adapter.close();
        for (const table of tables) await empty(driver, prefix + table.name, table);
        await driver.close();
      },
    };
  },
});
