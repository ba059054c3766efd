import type { Engine } from '../execution/engine.js';
import type { Metrics } from '../telemetry/metrics.js';

/** What is said to those who operate the server: no FHIR, no health data. */
export interface Report {
  readonly status: number;
  readonly contentType: string;
  readonly body: string;
}

/** What is asked at a path beside the FHIR endpoint. */
export interface Monitored {
  /** For the log and the metrics. */
  readonly name: string;
  readonly report: () => Promise<Report>;
}

/** Paths from the root of the server, whatever the path of the FHIR base. */
export function createMonitor(
  { unreachable }: Pick<Engine, 'unreachable'>,
  metrics: Metrics,
): (path: string) => Monitored | undefined {
  const reports: Readonly<Record<string, () => Promise<Report>>> = {
    '/metrics': async () => ({ status: 200, contentType: metrics.contentType, body: await metrics.text() }),
    '/health/live': async () => json(200, { status: 'live' }),
    '/health/ready': async () => {
      const names = await unreachable();
      return names.length === 0
        ? json(200, { status: 'ready' })
        : json(503, { status: 'not ready', unreachable: names });
    },
  };
  const monitored = new Map(Object.entries(reports).map(([path, report]) => [path, { name: `GET ${path}`, report }]));
  return (path) => monitored.get(path);
}

function json(status: number, content: object): Report {
  return { status, contentType: 'application/json; charset=utf-8', body: JSON.stringify(content) };
}
