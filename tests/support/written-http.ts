import { randomBytes, randomUUID } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Writable } from 'node:stream';
import type { Resource } from '@medplum/fhirtypes';
import { composeApp } from '#src/compose.js';
import { createEngine } from '#src/execution/create-engine.js';
import type { Engine } from '#src/execution/engine.js';
import { listen } from '#src/http/listen.js';
import { stateDatabase } from '#src/state/database.js';
import { type WriteRecord, writeLog } from '#src/state/write-log.js';
import { createLogger } from '#src/telemetry/logger.js';

export interface Answer {
  readonly status: number;
  readonly headers: Headers;
  /** Undefined when the answer has no content. */
  readonly resource: Resource | undefined;
}

export interface Asked {
  readonly body?: unknown;
  readonly headers?: Readonly<Record<string, string>>;
}

export interface WrittenHttp {
  readonly baseUrl: string;
  readonly engine: Engine;
  /** `PUT Patient/clinic.p1`: with a body as FHIR JSON, unless a header says otherwise. */
  ask(request: string, asked?: Asked): Promise<Answer>;
  records(): readonly WriteRecord[];
  stop(): Promise<void>;
}

/** Sources that are written over HTTP, on a free port. */
export async function writtenHttp(
  sources: Parameters<typeof createEngine>[0]['sources'],
  deadlineMs = 10_000,
  lasting: (lasting: () => Promise<void>) => Promise<void> = (asked) => asked(),
): Promise<WrittenHttp> {
  const folder = mkdtempSync(join(tmpdir(), 'healthsync-written-'));
  const listening = await listen('127.0.0.1', 0, 8192);
  const baseUrl = `http://127.0.0.1:${listening.port}/fhir`;
  const state = stateDatabase(join(folder, 'state'));
  const log = writeLog(state);
  const engine = createEngine({
    sources,
    baseUrl,
    limits: { rows: 20_000, deadlineMs },
    cursorKey: randomBytes(32),
    randomBytes,
    writer: {
      creates: {},
      log: { ...log, lasting: () => lasting(log.lasting) },
      now: () => new Date(),
      uuid: randomUUID,
    },
  });
  const limits = {
    rows: 20_000,
    deadlineMs,
    count: { default: 20, max: 1000 },
    bodyBytes: 100_000,
    urlBytes: 8192,
    concurrency: 100,
  };
  const silent = createLogger(new Writable({ write: (_chunk, _encoding, done) => done() }));
  listening.serve(await composeApp({ server: { limits }, sources: [] }, engine, baseUrl, silent));
  return {
    baseUrl,
    engine,
    records: () => [...log.records(1000)].reverse(),
    async ask(request, { body, headers = {} } = {}) {
      const [method, path] = request.split(' ') as [string, string];
      const content = body === undefined || typeof body === 'string' ? body : JSON.stringify(body);
      const answer = await fetch(`${baseUrl}/${path}`, {
        method,
        headers: { ...(body !== undefined && { 'Content-Type': 'application/fhir+json' }), ...headers },
        ...(content !== undefined && { body: content as string }),
      });
      const text = await answer.text();
      return {
        status: answer.status,
        headers: answer.headers,
        resource: text === '' ? undefined : (JSON.parse(text) as Resource),
      };
    },
    async stop() {
      await listening.stop(100);
      await engine.close();
      state.close();
      rmSync(folder, { recursive: true });
    },
  };
}
