import express, { type Express, type Request, type Response } from 'express';
import type { Caller } from '../access/caller.js';
import { UnsatisfiableRange } from '../download/range.js';
import { Fault } from '../errors/fault.js';
import { publicFault } from '../errors/outcome.js';
import type { Dependencies, Interaction } from '../interactions/interaction.js';
import { errorClass } from '../telemetry/error-class.js';
import type { Logger } from '../telemetry/logger.js';
import type { Metrics } from '../telemetry/metrics.js';
import { createAdmission } from './admit.js';
import { Exchange } from './exchange.js';
import { createMonitor } from './monitor.js';
import { createBodyReader } from './read-body.js';
import { readRequest } from './read-request.js';
import { createRouter, MethodNotAllowed } from './route.js';
import { statuses } from './status.js';
import { writeContent } from './write-content.js';
import { writeFault, writeReport, writeResponse } from './write-response.js';

export interface AppOptions {
  readonly interactions: readonly Interaction[];
  readonly dependencies: Dependencies;
  /** Who asks. */
  readonly caller: Caller;
  readonly limits: { readonly bodyBytes: number; readonly urlBytes: number; readonly concurrency: number };
  readonly log: Logger;
  readonly metrics: Metrics;
  /** A fresh id for a request that brings none. */
  readonly requestId: () => string;
}

const nothing = { form: '' };

/** X-Request-Id is echoed when it is harmless in a header and a log. */
const givenId = /^[A-Za-z0-9._-]{1,64}$/;

/**
 * The FHIR endpoint as an Express application: the routes of the interaction table below the path of the base URL, and beside it
 * what those ask who operate the server. All of them are admitted alike.
 */
export function createApp(options: AppOptions): Express {
  const { interactions, dependencies, caller, limits, log, metrics, requestId } = options;
  const base = new URL(dependencies.baseUrl).pathname.replace(/\/$/, '');
  const admit = createAdmission(dependencies.baseUrl, limits.urlBytes);
  const route = createRouter(interactions, dependencies.engine.types, base);
  const monitor = createMonitor(dependencies.engine, metrics);
  const readBody = createBodyReader(limits.bodyBytes);
  let running = 0;

  const handle = async (request: Request, response: Response, exchange: Exchange): Promise<number> => {
    admit(request);
    const { url, headers } = request;
    const query = url.indexOf('?');
    const path = query < 0 ? url : url.slice(0, query);
    const monitored = monitor(path);
    if (monitored) {
      if (request.method !== 'GET' && request.method !== 'HEAD') throw new MethodNotAllowed('GET, HEAD');
      exchange.route = monitored.name;
      return writeReport(response, exchange, await monitored.report());
    }
    const { interaction, name, type, id, version, others } = route(request.method, path);
    exchange.route = name;
    exchange.type = type;
    exchange.others = others;
    if (running >= limits.concurrency) throw new Fault('busy', 'Too many requests are running; ask again.');
    running++;
    try {
      const sent = request.method === 'GET' ? nothing : await readBody(request, response, interaction.body);
      const received = { type, id, version, query: query < 0 ? '' : url.slice(query + 1), headers, ...sent };
      const asked = readRequest({ ...received, mayBeBytes: interaction.bytes === true }, exchange);
      const answer = await interaction.run(asked, caller, dependencies);
      return 'content' in answer
        ? await writeContent(request, response, exchange, answer)
        : writeResponse(response, exchange, answer, request);
    } finally {
      running--;
    }
  };

  const fail = (request: Request, response: Response, exchange: Exchange, error: unknown): number => {
    const fault = publicFault(error);
    if (response.destroyed || response.headersSent) return statuses[fault.code];
    if (error instanceof UnsatisfiableRange && error.size !== undefined)
      response.setHeader('Content-Range', `bytes */${error.size}`);
    // What the type offers elsewhere, and this source does not (RFC 9110 section 15.5.6).
    if (fault.code === 'read-only') response.setHeader('Allow', exchange.others.join(', '));
    if (error instanceof MethodNotAllowed) response.setHeader('Allow', error.allow);
    // A body that was not read to its end would be taken for the next request.
    if (!request.complete) response.setHeader('Connection', 'close');
    return writeFault(response, exchange, fault);
  };

  /** Counts a request; what a log may say of it: nothing of its query, its id or its answer. */
  const answered = ({ method }: Request, { id, route, type, started }: Exchange, status: number) => {
    const ms = performance.now() - started;
    metrics.request(route, type, status, ms);
    return { id, method, route, type, status, ms: Math.round(ms * 10) / 10 };
  };

  const app = express();
  app.disable('x-powered-by').disable('etag').set('query parser', false);
  // One handler, and the table's own routing: each layer of Express costs every request, and a read is mostly such cost.
  app.use(async (request, response) => {
    const given = request.headers['x-request-id'];
    const exchange = new Exchange(response, typeof given === 'string' && givenId.test(given) ? given : requestId());
    try {
      const status = await handle(request, response, exchange);
      log.info(answered(request, exchange, status));
    } catch (error) {
      const status = fail(request, response, exchange, error);
      if (status >= 500) log.error({ ...answered(request, exchange, status), error: errorClass(error) });
      else log.info(answered(request, exchange, status));
    }
  });
  return app;
}
