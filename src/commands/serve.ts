import { once } from 'node:events';
import type { ServerConfiguration } from '../config/configuration.js';
import { isLoopback } from '../config/loopback.js';
import type { Engine } from '../execution/engine.js';
import { listen } from '../http/listen.js';
import { errorClass } from '../telemetry/error-class.js';
import { createLogger, type Logger } from '../telemetry/logger.js';
import type { Run } from './command.js';
import { readConfiguration } from './read-configuration.js';
import { wholeNumber } from './whole-number.js';

/** `healthsync serve`: serves a configuration until SIGTERM or SIGINT, then lets running requests end. */
export const serve: Run = async (values) => {
  const asked = wholeNumber(values, 'port', { min: 0, max: 65_535 });
  const configuration = await readConfiguration(values);
  const { server } = configuration;
  // While the port is taken, the rest is loaded.
  const composing = import('../compose.js');
  const listening = await listen(server.host, asked ?? server.port, server.limits.urlBytes);
  let engine: Engine | undefined;
  let graceMs = 0;
  let settling: NodeJS.Timeout | undefined;
  try {
    const baseUrl = publicBase(server, asked, listening.port);
    const log = createLogger();
    const { composeApp, composeEngine } = await composing;
    const { createMetrics } = await import('../telemetry/metrics.js');
    const metrics = createMetrics();
    engine = await composeEngine(configuration, baseUrl, metrics);
    listening.serve(await composeApp(configuration, engine, baseUrl, log, metrics));
    process.stdout.write(`${welcome(baseUrl)}\n`);
    settling = settleEvery(engine, log);
    graceMs = server.limits.deadlineMs;
    await Promise.race([once(process, 'SIGTERM'), once(process, 'SIGINT')]);
  } finally {
    clearInterval(settling);
    await listening.stop(graceMs);
    await engine?.close();
  }
  return 0;
};

const settleMs = 30_000;

/** Writes whose end is not known are asked for at start, and as long as there are any. */
function settleEvery(engine: Engine, log: Logger): NodeJS.Timeout {
  let running = false;
  const settle = async () => {
    if (running) return;
    running = true;
    try {
      const left = await engine.settle();
      if (left > 0) log.warn({ left }, 'the end of writes is not known: healthsync writes --open');
    } catch (error) {
      log.error({ error: errorClass(error) }, 'the end of writes cannot be found out');
    } finally {
      running = false;
    }
  };
  void settle();
  return setInterval(settle, settleMs).unref();
}

/** The public base URL; one of this machine follows a port given on the command line. */
function publicBase({ baseUrl, host }: ServerConfiguration, asked: number | undefined, port: number): string {
  if (baseUrl === undefined) return `http://${host.includes(':') ? `[${host}]` : host}:${port}/fhir`;
  const url = new URL(baseUrl);
  if (asked === undefined || !isLoopback(url.hostname)) return baseUrl;
  url.port = String(port);
  return url.href.replace(/\/+$/, '');
}

function welcome(baseUrl: string): string {
  return [
    `HealthSync serves ${baseUrl}`,
    '',
    `curl '${baseUrl}/Patient?_sort=birthdate&_count=20&_pretty=true'`,
    `curl '${baseUrl}/Observation?code=http://loinc.org|8302-2&_include=Observation:subject&_count=5&_pretty=true'`,
    `curl '${baseUrl}/metadata?_pretty=true'`,
    '',
  ].join('\n');
}
