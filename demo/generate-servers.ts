import { mkdirSync, renameSync, rmSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { loadInfluxdb } from './load/influxdb.js';
import { loadMongodb } from './load/mongodb.js';
import { loadMysql } from './load/mysql.js';
import { loadNeo4j } from './load/neo4j.js';
import { loadPostgres } from './load/postgres.js';
import { Served } from './served.js';
import type { Commission, ServerSource } from './server-source.js';
import { serverSources } from './servers.js';

export interface ServerRequest {
  /** The same seed, an integer from 0 to 2^32 - 1, gives the same rows. */
  readonly seed: number;
  /** Patient records over all four hospitals; the sources on servers have their shares of them. */
  readonly patients: number;
  /** The folder of the truth file; made when absent. */
  readonly out: string;
  /** Source -> URL of its database, the database's name included. Sources that are not named are left as they are. */
  readonly servers: Readonly<Record<string, string>>;
  /** Called for each batch with the sources done, of all that are asked for, and the rows of the one being filled. */
  readonly onProgress?: (progress: {
    readonly done: number;
    readonly total: number;
    readonly source: string;
    readonly rows: number;
  }) => void;
}

export interface ServerSummary {
  /** Rows, documents or points that each source was given. */
  readonly rows: Readonly<Record<string, number>>;
  readonly file: { readonly path: string; readonly bytes: number };
}

export const SERVED_FILE = 'served.ndjson';

/**
 * Fills databases on servers: what stands there under the names that the demo uses is replaced. The truth about what must be
 * served appears under its name when all are filled. Memory does not grow with the number of rows.
 */
export async function generateServers(request: ServerRequest): Promise<ServerSummary> {
  const { seed, patients, out, servers, onProgress } = request;
  const asked = Object.keys(servers);
  const unknown = asked.find((name) => !Object.hasOwn(serverSources, name));
  if (unknown !== undefined) throw new RangeError(`servers: the demo has no source ${unknown} on a server`);
  mkdirSync(out, { recursive: true });
  const [partial, path] = [join(out, `.${SERVED_FILE}`), join(out, SERVED_FILE)];
  rmSync(path, { force: true });
  const served = new Served(partial);
  const rows: Record<string, number> = {};
  for (const [done, source] of asked.entries()) {
    rows[source] = 0;
    const commission = { seed, patients, served: served.of(source) };
    onProgress?.({ done, total: asked.length, source, rows: 0 });
    for await (const loaded of load(serverSources[source]!, commission, servers[source]!)) {
      rows[source] += loaded;
      onProgress?.({ done, total: asked.length, source, rows: rows[source] });
    }
  }
  served.close();
  renameSync(partial, path);
  return { rows, file: { path: SERVED_FILE, bytes: statSync(path).size } };
}

function load(source: ServerSource, commission: Commission, url: string): AsyncGenerator<number> {
  switch (source.kind) {
    case 'mysql':
      return loadMysql(url, source.generate(commission));
    case 'postgres':
      return loadPostgres(url, source.generate(commission));
    case 'mongodb':
      return loadMongodb(url, source.generate(commission));
    case 'influxdb':
      return loadInfluxdb(url, source.generate(commission));
    case 'neo4j':
      return loadNeo4j(url, source.generate(commission));
  }
}
