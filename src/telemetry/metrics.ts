import { Counter, collectDefaultMetrics, Gauge, Registry } from 'prom-client';
import { breakerStates, type GuardState, type SourceMeter } from './source-meter.js';
import { timings } from './timing.js';

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

type Labels = Readonly<Record<string, string>>;

/** A number that only grows, with its labels. */
interface Tally {
  readonly labels: Labels;
  count: number;
}

/** Requests are counted by plain additions; the library is handed the sums when metrics are read. */
export function createMetrics(): Metrics {
  const registry = new Registry();
  const registers = [registry];
  collectDefaultMetrics({ register: registry });
  const states = new Map<string, () => GuardState>();
  const counter = (name: string, help: string, ...labelNames: readonly string[]): ((labels: Labels) => Tally) => {
    const tallies: Tally[] = [];
    new Counter({
      name: `healthsync_${name}`,
      help,
      labelNames: [...labelNames],
      registers,
      collect() {
        this.reset();
        for (const { labels, count } of tallies) this.inc(labels, count);
      },
    });
    return (labels) => {
      const tally = { labels, count: 0 };
      tallies.push(tally);
      return tally;
    };
  };
  const gauge = (
    name: string,
    help: string,
    labelNames: readonly string[],
    read: (gauge: Gauge<string>, source: string, state: GuardState) => void,
  ) =>
    new Gauge<string>({
      name: `healthsync_${name}`,
      help,
      labelNames: [...labelNames],
      registers,
      collect() {
        for (const [source, state] of states) read(this, source, state());
      },
    });

  const latency = timings(
    registry,
    'healthsync_source_seconds',
    'Time that a source takes to answer or to fail.',
    'source',
  );
  const failures = counter(
    'source_failures_total',
    'Scans that a source did not answer, by the code of the fault.',
    'source',
    'code',
  );
  const scanned = counter('source_rows_scanned_total', 'Rows that a source handed over.', 'source');
  const returned = counter('source_rows_returned_total', 'Rows that became resources of an answer.', 'source');
  const streams = counter('source_streams_total', 'Streams of searches, one for each mapping that is asked.', 'source');
  const pushed = counter(
    'source_streams_pushed_total',
    'Streams whose source answers every condition itself.',
    'source',
  );
  gauge('source_running', 'Scans that run.', ['source'], (own, source, { running }) => own.set({ source }, running));
  gauge('source_waiting', 'Scans that wait for their turn.', ['source'], (own, source, { waiting }) =>
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
  const requests = counter(
    'http_requests_total',
    'Requests by route pattern, type and status.',
    'route',
    'type',
    'status',
  );
  const duration = timings(
    registry,
    'healthsync_http_request_seconds',
    'Time from a request to its answer, by route pattern.',
    'route',
  );
  const answers = new Map<string, Tally>();

  return {
    contentType: registry.contentType,
    text: () => registry.metrics(),
    request(route, type, status, ms) {
      const key = `${status} ${route} ${type}`;
      let answered = answers.get(key);
      if (!answered) {
        answered = requests({ route, type, status: String(status) });
        answers.set(key, answered);
      }
      answered.count++;
      duration(route).add(ms);
    },
    source(name) {
      const label = { source: name };
      const time = latency(name);
      const [rowsScanned, rowsReturned, all, whole] = [scanned(label), returned(label), streams(label), pushed(label)];
      const failed = new Map<string, Tally>();
      return {
        answered(ms, rows) {
          time.add(ms);
          rowsScanned.count += rows;
        },
        failed(ms, code) {
          time.add(ms);
          const known = failed.get(code) ?? failures({ source: name, code });
          failed.set(code, known);
          known.count++;
        },
        planned(isWhole) {
          all.count++;
          if (isWhole) whole.count++;
        },
        returned(rows) {
          rowsReturned.count += rows;
        },
        watch(state) {
          states.set(name, state);
        },
      };
    },
  };
}
