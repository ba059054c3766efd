import { randomBytes } from 'node:crypto';
import neo4j, { type Driver } from 'neo4j-driver';
import { openNeo4j } from '#src/adapters/neo4j/adapter.js';
import type { Adapter } from '#src/source/adapter.js';
import type { TableRelation } from '#src/source/relation.js';

/** A graph of its own in the database that all tests share: labels `Doctor` and `Patient` under a prefix. */
export interface Graph {
  readonly driver: Driver;
  readonly adapter: Adapter;
  readonly doctor: TableRelation;
  readonly patient: TableRelation;
  readonly treats: TableRelation;
  readonly close: () => Promise<void>;
}

const table = (
  name: string,
  key: readonly string[],
  paths: Readonly<Record<string, readonly string[]>>,
): TableRelation => ({
  kind: 'table',
  name,
  key,
  columns: Object.fromEntries(Object.entries(paths).map(([column, path]) => [column, { name: column, path }])),
});

/** `patients` nodes with `id`, `name` and `born` (a Date), each treated by one of ten doctors since a year. */
export async function graph(location: string, patients: number): Promise<Graph> {
  const url = new URL(location);
  const driver = neo4j.driver(`${url.protocol}//${url.host}`, neo4j.auth.basic(url.username, url.password));
  const prefix = `g${randomBytes(6).toString('hex')}`;
  const [doctor, patient, treats] = [`${prefix}_Doctor`, `${prefix}_Patient`, `${prefix}_TREATS`];
  await driver.executeQuery(`CREATE CONSTRAINT ${patient}_id FOR (n:${patient}) REQUIRE n.id IS UNIQUE`);
  await driver.executeQuery(`CREATE INDEX ${patient}_born FOR (n:${patient}) ON (n.born)`);
  await driver.executeQuery(`CREATE INDEX ${patient}_name FOR (n:${patient}) ON (n.name)`);
  await driver.executeQuery(`CREATE INDEX ${doctor}_name FOR (n:${doctor}) ON (n.name)`);
  await driver.executeQuery(`UNWIND range(0, 9) AS i CREATE (:${doctor} {name: 'Dr. ' + i})`);
  await driver.executeQuery(
    `UNWIND range(0, $last) AS i MATCH (d:${doctor} {name: 'Dr. ' + i % 10}) ` +
      `CREATE (d)-[:${treats} {since: 2000 + i % 20}]->(:${patient} {id: 'P' + i, name: 'N' + i % 97, born: date('1950-01-01') + duration({days: i})})`,
    { last: neo4j.int(patients - 1) },
  );
  await driver.executeQuery('CALL db.awaitIndexes()');
  const adapter = openNeo4j({ name: 'graph', location, timeoutMs: 60_000 });
  return {
    driver,
    adapter,
    doctor: table(doctor, ['name'], { name: ['name'] }),
    patient: table(patient, ['id'], { id: ['id'], name: ['name'], born: ['born'] }),
    treats: table(`(:${doctor})-[:${treats}]->(:${patient})`, ['doctor', 'patient'], {
      doctor: ['start', 'name'],
      patient: ['end', 'id'],
      since: ['since'],
    }),
    close: async () => {
      await adapter.close();
      await driver.executeQuery(`DROP CONSTRAINT ${patient}_id`);
      for (const index of [`${patient}_born`, `${patient}_name`, `${doctor}_name`])
        await driver.executeQuery(`DROP INDEX ${index}`);
      await driver.executeQuery(`MATCH (n) WHERE n:${doctor} OR n:${patient} DETACH DELETE n`);
      await driver.close();
    },
  };
}
