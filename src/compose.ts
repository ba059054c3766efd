import { randomBytes, randomUUID } from 'node:crypto';
import { readFileSync } from 'node:fs';
import type { RequestListener } from 'node:http';
import { local } from './access/caller.js';
import type { Configuration, ServerConfiguration, SourceConfiguration } from './config/configuration.js';
import { createEngine } from './execution/create-engine.js';
import type { Engine } from './execution/engine.js';
import { packageRoot } from './fhir/package-root.js';
import { createLinks } from './identity/links.js';
import { createStoredIds } from './identity/stored-ids.js';
import { Turns } from './interactions/turns.js';
import { loadMappings } from './mapping/load-folder.js';
import type { Adapter, SourceLocation } from './source/adapter.js';
import { cursorKey } from './state/cursor-key.js';
import { stateDatabase } from './state/database.js';
import { idTable } from './state/id-table.js';
import { linkTable } from './state/link-table.js';
import { secretKey } from './state/secret-key.js';
import { writeLog } from './state/write-log.js';
import type { Logger } from './telemetry/logger.js';
import { createMetrics, type Metrics } from './telemetry/metrics.js';
import { refuseInvalid } from './validation/refuse-invalid.js';

/** One kind of database each, loaded when a source needs it: DuckDB alone takes longer to load than everything else. */
const adapters = {
  sqlite: async (source) => (await import('./adapters/sqlite/adapter.js')).openSqlite(source),
  duckdb: async (source) => (await import('./adapters/duckdb/adapter.js')).openDuckdb(source),
  mysql: async (source) => (await import('./adapters/mysql/adapter.js')).openMysql(source),
  postgres: async (source) => (await import('./adapters/postgres/adapter.js')).openPostgres(source),
  mongodb: async (source) => (await import('./adapters/mongodb/adapter.js')).openMongodb(source),
  neo4j: async (source) => (await import('./adapters/neo4j/adapter.js')).openNeo4j(source),
  influxdb: async (source) => (await import('./adapters/influxdb/adapter.js')).openInfluxdb(source),
} satisfies Record<SourceConfiguration['adapter'], (source: SourceLocation) => Promise<Adapter>>;

/** The database of a configured source. Opening never fails because it is away. */
export function openSource(source: SourceConfiguration): Promise<Adapter> {
  return adapters[source.adapter](source);
}

/** The clock of the process. */
export const now = () => new Date();

/** The engine over every source of a configuration, each opened by `open`. Throws a Fault `configuration` or `mapping`; a source that is away is no failure. */
export async function composeEngine(
  { server, sources }: Configuration,
  baseUrl: string,
  metrics?: Metrics,
  open = openSource,
): Promise<Engine> {
  const state = stateDatabase(server.stateFolder);
  // A database that cannot be used is said at start.
  state.open();
  const secret = secretKey(server.stateFolder, 'ids.key', randomBytes);
  const engine = createEngine({
    sources: await Promise.all(
      sources.map(async (source) => ({
        ...source,
        adapter: await open(source),
        mappings: await loadMappings(source.mappings),
      })),
    ),
    baseUrl,
    limits: server.limits,
    cursorKey: cursorKey(server.stateFolder, randomBytes),
    randomBytes,
    ids: createStoredIds(secret, idTable(state, secret)),
    links: createLinks(linkTable(state)),
    writer: { creates: server.creates, log: writeLog(state), now, uuid: randomUUID },
    ...(metrics && { meter: metrics.source }),
  });
  return {
    ...engine,
    close: async () => {
      await engine.close();
      state.close();
    },
  };
}

/** The FHIR endpoint over an engine, as a listener of HTTP requests; `metrics`: those that the engine counts in. */
export async function composeApp(
  {
    server: { limits },
    sources,
  }: { readonly server: Pick<ServerConfiguration, 'limits'>; readonly sources: Configuration['sources'] },
  engine: Engine,
  baseUrl: string,
  log: Logger,
  metrics = createMetrics(),
): Promise<RequestListener> {
  const [{ createApp }, { createDownload }, { formats }, { statuses }, { everything }, { createCapabilities }] =
    await Promise.all([
      import('./http/app.js'),
      import('./download/download.js'),
      import('./http/negotiate.js'),
      import('./http/status.js'),
      import('./operations/table.js'),
      import('./interactions/capability-statement.js'),
    ]);
  const { version } = JSON.parse(readFileSync(new URL('package.json', packageRoot), 'utf8')) as {
    readonly version: string;
  };
  const started = now();
  const process = randomBytes(6).toString('hex');
  let requests = 0;
  return createApp({
    interactions: everything,
    dependencies: {
      engine,
      baseUrl,
      count: limits.count,
      now,
      turns: new Turns(),
      refuseInvalid,
      statusOf: ({ code }) => statuses[code],
      download: createDownload(
        new Map(sources.flatMap(({ name, downloads }) => (downloads ? [[name, downloads] as const] : []))),
      ),
      capabilities: createCapabilities({ baseUrl, version, date: started, formats }, engine.types, everything),
    },
    caller: local,
    limits,
    log,
    metrics,
    requestId: () => `${process}-${++requests}`,
  });
}
