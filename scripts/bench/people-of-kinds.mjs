/** The people of the table of faults, in a source of each of the eight kinds: servers are those that the environment names. */
import { openInfluxdb } from '#src/adapters/influxdb/adapter.js';
import { openMongodb } from '#src/adapters/mongodb/adapter.js';
import { openMysql } from '#src/adapters/mysql/adapter.js';
import { openNeo4j } from '#src/adapters/neo4j/adapter.js';
import { openPostgres } from '#src/adapters/postgres/adapter.js';

const from = (name) => import(`../../tests/faults/${name}.ts`);
const onServer = {
  mysql: [async () => (await from('mysql')).placeMysql, openMysql],
  postgres: [async () => (await from('postgres')).placePostgres, openPostgres],
  mongodb: [async () => (await from('mongodb')).placeMongodb, openMongodb],
  influxdb: [async () => (await from('influxdb')).placeInfluxdb, openInfluxdb],
  neo4j: [async () => (await from('neo4j')).placeNeo4j, openNeo4j],
};
const inFile = {
  sqlite: async () => (await from('files')).faultySqlite(),
  csv: async () => (await from('files')).faultyCsv(),
  json: async () => (await from('files')).faultyJson(),
};
export const kinds = [...Object.keys(onServer), ...Object.keys(inFile)];

export async function opened(name, timeoutMs) {
  if (name in inFile) {
    const source = await inFile[name]();
    return { adapter: source.open(timeoutMs), table: source.table };
  }
  const url = process.env[`HEALTHSYNC_TEST_${name.toUpperCase()}_URL`];
  if (!url)
    throw new Error(`no ${name}: HEALTHSYNC_SERVICES_SIGN_IN=required scripts/services run npm run bench -- ...`);
  const [place, open] = onServer[name];
  const { direct, table } = await (await place())(url);
  return { adapter: open({ name, location: direct, timeoutMs }), table };
}
