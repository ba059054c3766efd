import { type IncomingHttpHeaders, request } from 'node:http';
import { Writable } from 'node:stream';
import type { Bundle, OperationOutcome, Resource } from '@medplum/fhirtypes';
import { local } from '#src/access/caller.js';
import { createDownload, type Download } from '#src/download/download.js';
import type { Engine } from '#src/execution/engine.js';
import { createApp } from '#src/http/app.js';
import { listen } from '#src/http/listen.js';
import { formats } from '#src/http/negotiate.js';
import { statuses } from '#src/http/status.js';
import { createCapabilities } from '#src/interactions/capability-statement.js';
import { Turns } from '#src/interactions/turns.js';
import { everything as interactions } from '#src/operations/table.js';
import { createLogger } from '#src/telemetry/logger.js';
import { createMetrics } from '#src/telemetry/metrics.js';
import { type MemoryEngineOptions, memoryEngine } from './memory-engine.js';
import { people } from './people.js';

export interface Ask {
  readonly method?: string;
  /** Below the base; or from the root when it starts with `/`. */
  readonly path: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string | Buffer;
}

export interface Answer {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  readonly text: string;
}

export interface Running {
  readonly baseUrl: string;
  readonly port: number;
  /** Lines of the log. */
  readonly log: string[];
  readonly stop: (graceMs?: number) => Promise<void>;
  readonly ask: (ask: Ask | string) => Promise<Answer>;
}

export const limits = { bodyBytes: 2000, urlBytes: 1000, concurrency: 4, count: { default: 2, max: 3 } };

/** The whole HTTP side over an engine in memory, on a free port of the loopback address. */
export async function startServer(
  options: Partial<MemoryEngineOptions> & { engine?: (baseUrl: string) => Engine; download?: Download } = {},
): Promise<Running> {
  const listening = await listen('127.0.0.1', 0, limits.urlBytes);
  const baseUrl = `http://127.0.0.1:${listening.port}/fhir`;
  const engine = options.engine?.(baseUrl) ?? memoryEngine({ resources: people, ...options, baseUrl });
  const log: string[] = [];
  const stream = new Writable({
    write(chunk, _encoding, done) {
      log.push(String(chunk));
      done();
    },
  });
  let requests = 0;
  const now = () => new Date('2024-05-01T12:00:00Z');
  listening.serve(
    createApp({
      interactions,
      dependencies: {
        engine,
        baseUrl,
        count: limits.count,
        now,
        turns: new Turns(),
        refuseInvalid: () => {},
        statusOf: ({ code }) => statuses[code],
        download: options.download ?? createDownload(new Map()),
        capabilities: createCapabilities(
          { baseUrl, version: '1.2.3', date: now(), formats },
          engine.types,
          interactions,
        ),
      },
      caller: local,
      limits,
      log: createLogger(stream),
      metrics: createMetrics(),
      requestId: () => `r${++requests}`,
    }),
  );
  return {
    baseUrl,
    port: listening.port,
    log,
    stop: (graceMs = 1000) => listening.stop(graceMs),
    ask: (asked) => ask(listening.port, typeof asked === 'string' ? { path: asked } : asked),
  };
}

function ask(port: number, { method = 'GET', path, headers = {}, body }: Ask): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const sent = request(
      { port, host: '127.0.0.1', method, path: path.startsWith('/') ? path : `/fhir/${path}`, headers, agent: false },
      (got) => {
        const chunks: Buffer[] = [];
        got.on('data', (chunk: Buffer) => chunks.push(chunk)).on('error', reject);
        got.on('end', () =>
          resolve({ status: got.statusCode!, headers: got.headers, text: Buffer.concat(chunks).toString() }),
        );
      },
    );
    sent.on('error', reject).end(body);
  });
}

export function json<T = Resource>({ text }: Answer): T {
  return JSON.parse(text) as T;
}

export function outcomeOf(answer: Answer): OperationOutcome {
  const resource = json(answer);
  if (resource.resourceType !== 'OperationOutcome')
    throw new Error(`${answer.status} carries ${resource.resourceType}`);
  return resource;
}

export function bundleOf(answer: Answer): Bundle {
  const resource = json(answer);
  if (resource.resourceType !== 'Bundle') throw new Error(`${answer.status}: ${answer.text}`);
  return resource;
}

export function links(bundle: Bundle): Record<string, string> {
  return Object.fromEntries((bundle.link ?? []).map(({ relation, url }) => [relation, url!]));
}
