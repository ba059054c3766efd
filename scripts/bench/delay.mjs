/** Serves the four hospitals, or the first alone, with every scan and read of a source begun 50 ms late: `{folder, sources, port, delay}`. */

import { randomBytes } from 'node:crypto';
import { openDuckdb } from '#src/adapters/duckdb/adapter.js';
import { openSqlite } from '#src/adapters/sqlite/adapter.js';
import { composeApp } from '#src/compose.js';
import { loadConfiguration } from '#src/config/load-configuration.js';
import { createEngine } from '#src/execution/create-engine.js';
import { listen } from '#src/http/listen.js';
import { loadMappings } from '#src/mapping/load-folder.js';
import { createLogger } from '#src/telemetry/logger.js';
import { late } from './late.mjs';

const { config, delay } = JSON.parse(process.argv[2]);
const { server, sources } = loadConfiguration(config);
const open = { sqlite: openSqlite, duckdb: openDuckdb };

const listening = await listen('127.0.0.1', server.port, server.limits.urlBytes);
const engine = createEngine({
  sources: await Promise.all(
    sources.map(async (source) => ({
      ...source,
      adapter: late(open[source.adapter](source), delay),
      mappings: await loadMappings(source.mappings),
    })),
  ),
  baseUrl: server.baseUrl,
  limits: server.limits,
  cursorKey: randomBytes(32),
  randomBytes,
});
listening.serve(await composeApp({ server, sources: [] }, engine, server.baseUrl, createLogger()));
process.stdout.write(`serves ${server.port}\n`);
process.once('SIGTERM', () => process.exit(0));
