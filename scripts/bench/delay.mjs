/** Serves a configuration with every scan and read of a source begun late: `{config, delay}`. */

import { composeApp, composeEngine, openSource } from '#src/compose.js';
import { loadConfiguration } from '#src/config/load-configuration.js';
import { listen } from '#src/http/listen.js';
import { createLogger } from '#src/telemetry/logger.js';
import { late } from './late.mjs';

const { config, delay } = JSON.parse(process.argv[2]);
const configuration = loadConfiguration(config);
const { server } = configuration;
const listening = await listen('127.0.0.1', server.port, server.limits.urlBytes);
const opened = async (source) => late(await openSource(source), delay);
const engine = await composeEngine(configuration, server.baseUrl, undefined, opened);
listening.serve(await composeApp(configuration, engine, server.baseUrl, createLogger()));
process.stdout.write(`serves ${server.port}\n`);
process.once('SIGTERM', () => process.exit(0));
