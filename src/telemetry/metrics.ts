import { Counter, collectDefaultMetrics, Gauge, Histogram, Registry } from 'prom-client';
import { breakerStates, type GuardState, type SourceMeter } from './source-meter.js';

/** The metrics of a process, in the words of Prometheus. Labels are routes, types, sources and codes: never an id or what was asked. */
export interface Metrics {
  /** The meter of a source. */
  source(name: string): SourceMeter;
  /** A request was answered: its method and route pattern, the type it names (both may be empty), its status, its milliseconds. */
  request(route: string, type: string, status: number, ms: number): void;
  readonly contentType: string;
  /** https://prometheus.io/docs/instrumenting/exposition_formats/#text-based-format */
  text(): Promise<string>;
}

/** Seconds: a point read of an embedded source takes a tenth of a millisecond, a request is given up after ten seconds. */
const buckets = [0.0001, 0.00025, 0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10];
const perSource = ['source'] as const;

export function createMetrics(): Metrics {
  const registry = new Registry();
  const registers = [registry];
  collectDefaultMetrics({ register: registry });
  const states = new Map<string, () => GuardState>();
  const counter = <T extends string>(name: string, help: string, labelNames: readonly T[]) =>
    new Counter({ name: `healthsync_${name}`, help, labelNames: [...labelNames], registers });
  const seconds = <T extends string>(name: string, help: string, labelNames: readonly T[]) =>
    new Histogram({ name: `healthsync_${name}`, help, labelNames: [...labelNames], buckets, registers });
  const gauge = <T extends string>(
    name: string,
    help: string,
    labelNames: readonly T[],
    read: (gauge: Gauge<T>, source: string, state: GuardState) => void,
  ) =>
    new Gauge<T>({
      name: `healthsync_${name}`,
      help,
      labelNames: [...labelNames],
      registers,
      collect() {
        for (const [source, state] of states) read(this, source, state());
      },
    });

  const latency = seconds('source_seconds', 'Time that a source takes to answer or to fail.', perSource);
  const failures = counter('source_failures_total', 'Scans that a source did not answer, by the code of the fault.', [
    'source',
    'code',
  ]);
  const scanned = counter('source_rows_scanned_total', 'Rows that a source handed over.', perSource);
  const returned = counter('source_rows_returned_total', 'Rows that became resources of an answer.', perSource);
  const streams = counter(
    'source_streams_total',
    'Streams of searches, one for each mapping that is asked.',
    perSource,
  );
  const pushed = counter(
    'source_streams_pushed_total',
    'Streams whose source answers every condition itself.',
    perSource,
  );
  gauge('source_running', 'Scans that run.', perSource, (own, source, { running }) => own.set({ source }, running));
  gauge('source_waiting', 'Scans that wait for their turn.', perSource, (own, source, { waiting }) =>
    own.set({ source }, waiting),
  );
  gauge(
    'source_breaker',
    'Whether the breaker is in this state: 1 or 0.',
    ['source', 'state'],
    (own, source, { breaker }) => {
      for (const state of breakerStates) own.set({ source, state }, state === breaker ? 1 : 0);
    },
  );
  const requests = counter('http_requests_total', 'Requests by route pattern, type and status.', [
    'route',
    'type',
    'status',
  ]);
  const duration = seconds('http_request_seconds', 'Time from a request to its answer, by route pattern.', ['route']);
  const counted = new Map<string, Counter.Internal>();
  const timed = new Map<string, Histogram.Internal<'route'>>();

  return {
    contentType: registry.contentType,
    text: () => registry.metrics(),
    request(route, type, status, ms) {
      const key = `${route} ${type} ${status}`;
      let count = counted.get(key);
      if (!count) {
        count = requests.labels({ route, type, status: String(status) });
        counted.set(key, count);
      }
      count.inc();
      let time = timed.get(route);
      if (!time) {
        time = duration.labels({ route });
        timed.set(route, time);
      }
      time.observe(ms / 1000);
    },
    source(name) {
      const label = { source: name };
      const time = latency.labels(label);
      const all = streams.labels(label);
      const whole = pushed.labels(label);
      const rowsScanned = scanned.labels(label);
      const rowsReturned = returned.labels(label);
      // A ratio of counters that are not there yet is no number.
      for (const each of [all, whole, rowsScanned, rowsReturned]) each.inc(0);
      return {
        answered(ms, rows) {
          time.observe(ms / 1000);
          if (rows > 0) rowsScanned.inc(rows);
        },
        failed(ms, code) {
          time.observe(ms / 1000);
          failures.inc({ source: name, code });
        },
        planned(isWhole) {
          all.inc();
          if (isWhole) whole.inc();
        },
        returned(rows) {
          rowsReturned.inc(rows);
        },
        watch(state) {
          states.set(name, state);
        },
      };
    },
  };
}
