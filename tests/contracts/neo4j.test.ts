import { randomBytes } from 'node:crypto';
import { jest } from '@jest/globals';
import neo4j, { type Driver } from 'neo4j-driver';
import { openNeo4j } from '#src/adapters/neo4j/adapter.js';
import type { Cell } from '#src/source/row.js';
import { renamedTables } from '../support/renamed-tables.js';
import { serverUrl } from '../support/server-url.js';
import { sourceContract } from './source.contract.js';
import type { Store, StoredTable } from './store.js';

const location = serverUrl('HEALTHSYNC_TEST_NEO4J_URL');
// Every statement of random questions is new to the database, and planned.
jest.setTimeout(300_000);
const url = new URL(location);
const database = () =>
  neo4j.driver(`${url.protocol}//${url.host}`, neo4j.auth.basic(url.username, url.password), { useBigInt: true });

/** Whole numbers are Integers where they are exact; the others are Floats. */
const property = (cell: Cell): unknown =>
  typeof cell === 'number' && Number.isSafeInteger(cell) ? BigInt(cell) : cell;

async function fill(
  driver: Driver,
  prefix: string,
  { name, columns, rows, unique, indexes }: StoredTable,
  indexed: boolean,
) {
  const label = prefix + name;
  await driver.executeQuery(`UNWIND $rows AS row CREATE (n:\`${label}\`) SET n = row`, {
    rows: rows.map((row) => Object.fromEntries(columns.map((column, i) => [column.name, property(row[i]!)]))),
  });
  if (!indexed) return;
  const of = (names: readonly string[]) => names.map((one) => `n.\`${one}\``).join(', ');
  await driver.executeQuery(
    `CREATE CONSTRAINT \`${label}_key\` FOR (n:\`${label}\`) REQUIRE (${of(unique)}) IS UNIQUE`,
  );
  for (const [i, index] of indexes.entries())
    await driver.executeQuery(`CREATE INDEX \`${label}_${i}\` FOR (n:\`${label}\`) ON (${of(index)})`);
  await driver.executeQuery('CALL db.awaitIndexes()');
}

async function empty(driver: Driver, prefix: string, { name, indexes }: StoredTable) {
  const label = prefix + name;
  await driver.executeQuery(`DROP CONSTRAINT \`${label}_key\` IF EXISTS`);
  for (const i of indexes.keys()) await driver.executeQuery(`DROP INDEX \`${label}_${i}\` IF EXISTS`);
  await driver.executeQuery(`MATCH (n:\`${label}\`) DETACH DELETE n`);
}

const rounded =
  'Cypher compares an Integer with a Float as Floats, so whole Floats beyond 2^53 cannot be told from Integers near to them';

const store = (name: string, indexed: boolean): Store => ({
  name,
  types: ['text', 'integer', 'number', 'any'],
  cannotKeep: {
    reason: rounded,
    cell: (cell) =>
      typeof cell === 'number' && Number.isInteger(cell) && !Number.isSafeInteger(cell) && Math.abs(cell) < 2 ** 63,
  },
  open: async (tables) => {
    const prefix = `t${randomBytes(6).toString('hex')}_`;
    const driver = database();
    for (const table of tables) await fill(driver, prefix, table, indexed);
    const adapter = renamedTables(openNeo4j({ name: 'graph', location, timeoutMs: 60_000 }), prefix);
    const close = async () => {
      await adapter.close();
      for (const table of tables) await empty(driver, prefix, table);
      await driver.close();
    };
    return { adapter, close };
  },
  omits: {
    'a missing column is named, wherever it is used': 'a property need not be there: what no node has is null',
  },
});

sourceContract(store('neo4j', true));
sourceContract(store('neo4j without indexes', false));
