import neo4j, { type Driver } from 'neo4j-driver';
import { openNeo4j } from '#src/adapters/neo4j/adapter.js';
import type { Cell } from '#src/source/row.js';
import type { Random } from '../../oracle/random.js';
import { type Kept, keptAsDrawn } from './kept.js';
import type { Part } from './split.js';
import type { Stored } from './stored.js';
import { flat } from './tables.js';

/** Whole numbers are Integers where they are exact; the others are Floats. */
const property = (cell: Cell): unknown =>
  typeof cell === 'number' && Number.isSafeInteger(cell) ? BigInt(cell) : cell;

/** A part as nodes under labels of its own: a server has one database. */
export async function inNeo4j(part: Part, server: string, prefix: string, random: Random): Promise<Stored> {
  const url = new URL(server);
  const driver = neo4j.driver(`${url.protocol}//${url.host}`, neo4j.auth.basic(url.username, url.password), {
    useBigInt: true,
  });
  const label = (table: string) => `${prefix}_${table}`;
  const made: string[] = [];
  const remove = async () => {
    for (const index of made) await driver.executeQuery(`DROP INDEX ${index} IF EXISTS`);
    for (const { relation } of part.hospital.tables)
      await driver.executeQuery(`MATCH (n:\`${label(relation.name)}\`) DETACH DELETE n`);
    await driver.close();
  };
  try {
    const kept: Kept[] = [];
    for (const table of part.hospital.tables) {
      const { name, key } = table.relation;
      // What no node has is no label, but a fault.
      const drawn = keptAsDrawn(table, part.rows[name]!.length === 0 ? table.rows.slice(0, 1) : part.rows[name]!);
      kept.push({ ...drawn, rows: await fill(driver, label(name), drawn) });
      const indexed = table.columns.filter((column) =>
        random.chance(key.length === 1 && key[0] === column.name ? 0.7 : 0.05),
      );
      for (const column of indexed) {
        made.push(`${prefix}_${made.length}`);
        await driver.executeQuery(`CREATE INDEX ${made.at(-1)} FOR (n:\`${label(name)}\`) ON (n.\`${column.name}\`)`);
      }
    }
    await driver.executeQuery('CALL db.awaitIndexes()');
    const adapter = flat(openNeo4j({ name: part.name, location: server, timeoutMs: 60_000 }), label);
    return { kept, adapter, remove };
  } catch (error) {
    await remove();
    throw error;
  }
}

/** The rows in the order of the numbers that the database gave to their nodes. */
async function fill(driver: Driver, label: string, { table, rows }: Kept): Promise<Kept['rows']> {
  const nodes = rows.map((row, line) => ({
    row_of: BigInt(line),
    ...Object.fromEntries(table.columns.map((column, i) => [column.name, property(row[i]!)])),
  }));
  await driver.executeQuery(`UNWIND $nodes AS node CREATE (n:\`${label}\`) SET n = node`, { nodes });
  const { records } = await driver.executeQuery(`MATCH (n:\`${label}\`) RETURN n.row_of ORDER BY id(n)`);
  return records.map((record) => rows[Number(record.get(0))]!);
}
