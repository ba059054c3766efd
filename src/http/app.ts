import express, {
  type ErrorRequestHandler,
  type Express,
  type Request,
  type RequestHandler,
  type Response,
} from 'express';
import type { Caller } from '../access/caller.js';
import { Fault } from '../errors/fault.js';
import { publicFault } from '../errors/outcome.js';
import type { Dependencies, Interaction } from '../interactions/interaction.js';
import { errorClass } from '../telemetry/error-class.js';
import type { Logger } from '../telemetry/logger.js';
import { createAdmission } from './admit.js';
import { Exchange } from './exchange.js';
import { readForm } from './read-form.js';
import { readRequest } from './read-request.js';
import { statuses } from './status.js';
import { writeFault, writeResponse } from './write-response.js';

export interface AppOptions {
  readonly interactions: readonly Interaction[];
  readonly dependencies: Dependencies;
  /** Who asks. */
  readonly caller: Caller;
  readonly limits: { readonly bodyBytes: number; readonly urlBytes: number; readonly concurrency: number };
  readonly log: Logger;
  /** A fresh id for a request that brings none. */
  readonly requestId: () => string;
}

/** X-Request-Id is echoed when it is harmless in a header and a log. */
const givenId = /^[A-Za-z0-9._-]{1,64}$/;

/** The FHIR endpoint as an Express application: the routes of the interaction table below the path of the base URL, and nothing else. */
export function createApp({ interactions, dependencies, caller, limits, log, requestId }: AppOptions): Express {
  const base = new URL(dependencies.baseUrl).pathname.replace(/\/$/, '');
  const admit = createAdmission(dependencies.baseUrl, limits.urlBytes);
  const { types } = dependencies.engine;
  let running = 0;

  const begin: RequestHandler = (request, response, next) => {
    const given = request.headers['x-request-id'];
    const exchange = new Exchange(
      response,
      typeof given === 'string' && givenId.test(given) ? given : requestId(),
      performance.now(),
    );
    response.locals.exchange = exchange;
    admit(request);
    if (request.url.includes('//')) request.url = request.url.replace(/^[^?]*/, (path) => path.replace(/\/{2,}/g, '/'));
    next();
  };

  const finish = (request: Request, exchange: Exchange, status: number, error?: unknown) => {
    const line = {
      id: exchange.id,
      method: request.method,
      route: exchange.route,
      type: exchange.type,
      status,
      ms: Math.round((performance.now() - exchange.started) * 10) / 10,
    };
    if (status >= 500) log.error({ ...line, error: errorClass(error) });
    else log.info(line);
  };

  const answer =
    (interaction: Interaction, route: string): RequestHandler =>
    async (request, response) => {
      const exchange = exchangeOf(response);
      exchange.route = route;
      if (running >= limits.concurrency) throw new Fault('busy', 'Too many requests are running; ask again.');
      running++;
      try {
        if (interaction.level !== 'system') exchange.type = servedType(request, types);
        const result = await interaction.run(readRequest(request, exchange), caller, dependencies);
        const status = writeResponse(response, exchange, result, {
          ifNoneMatch: request.headers['if-none-match'],
          ifModifiedSince: request.headers['if-modified-since'],
        });
        finish(request, exchange, status);
      } finally {
        running--;
      }
    };

  const fail: ErrorRequestHandler = (error: unknown, request, response, _next) => {
    const exchange = exchangeOf(response);
    const fault = publicFault(
      isUndecodablePath(error) ? new Fault('invalid-value', 'The path is not valid percent-encoding.') : error,
    );
    // A body that was not read to its end would be taken for the next request.
    if (!request.complete) response.setHeader('Connection', 'close');
    const status =
      response.destroyed || response.headersSent ? statuses[fault.code] : writeFault(response, exchange, fault);
    finish(request, exchange, status, error);
  };

  const app = express();
  app.disable('x-powered-by').disable('etag').enable('case sensitive routing').set('query parser', false);
  app.use(begin);
  for (const [path, routes] of byPath(interactions)) {
    const at = app.route(base + path);
    for (const { interaction, method } of routes) {
      const handle = answer(interaction, `${method} ${path}`);
      if (method === 'GET') at.get(handle);
      else at.post(readForm(limits.bodyBytes), handle);
    }
    const allow = routes.flatMap(({ method }) => (method === 'GET' ? ['GET', 'HEAD'] : [method])).join(', ');
    at.all((request, response) => {
      if (path.startsWith('/:type')) exchangeOf(response).type = servedType(request, types);
      response.setHeader('Allow', allow);
      throw new Fault('method-not-allowed', `${request.method} is not offered here; ${allow} are.`);
    });
  }
  app.use((request) => {
    throw unknownPath(request.path, base);
  });
  app.use(fail);
  return app;
}

function exchangeOf(response: Response): Exchange {
  return response.locals.exchange as Exchange;
}

/** Types are case-sensitive (https://hl7.org/fhir/R4/http.html#general). */
function servedType({ params }: Request, types: ReadonlyMap<string, unknown>): string {
  const type = params.type as string;
  if (types.has(type)) return type;
  if (/^[_$]/.test(type)) throw acrossTypes();
  throw new Fault(
    'unknown-type',
    `This server has no resource type of that name; it has ${[...types.keys()].sort().join(', ')}.`,
  );
}

function acrossTypes(): Fault {
  return new Fault(
    'unknown-path',
    'Nothing but metadata is offered over all types at once; search one type, as in [base]/Patient?_count=10.',
  );
}

function unknownPath(path: string, base: string): Fault {
  if (path === base || path === `${base}/`) return acrossTypes();
  if (/\/_history(\/|$)/.test(path))
    return new Fault('unknown-path', 'History is not supported: only the current version is known.');
  return new Fault(
    'unknown-path',
    `There is nothing at this path; the FHIR endpoint is ${base}, ${base}/metadata says what it does.`,
  );
}

function byPath(interactions: readonly Interaction[]) {
  const paths = new Map<string, { interaction: Interaction; method: 'GET' | 'POST' }[]>();
  for (const interaction of interactions) {
    for (const { method, path } of interaction.routes) {
      const routes = paths.get(path) ?? [];
      routes.push({ interaction, method });
      paths.set(path, routes);
    }
  }
  return paths;
}

/** Express decodes path parameters and reports what it cannot as an http-error of its own. */
function isUndecodablePath(error: unknown): boolean {
  return error instanceof URIError;
}
