import { expect, test } from '@jest/globals';
import { createMetrics } from '#src/telemetry/metrics.js';
import { readPrometheus } from '../../support/prometheus-text.js';

async function read(metrics: ReturnType<typeof createMetrics>) {
  const samples = readPrometheus(await metrics.text());
  return (name: string, labels: Readonly<Record<string, string>> = {}) =>
    samples.find(
      (one) => one.name === name && Object.entries(labels).every(([label, value]) => one.labels[label] === value),
    )?.value;
}

test('what is not the text format is refused', () => {
  const refused = [
    '# TYPE a counter\na 1',
    'a 1\n',
    '# TYPE a counter\na one\n',
    '# TYPE a counter\na{b=c} 1\n',
    '# TYPE a counter\na 1\na 2\n',
    '# TYPE a counter\n# TYPE a counter\n',
    '# TYPE a histogram\na_bucket{le="1"} 2\na_bucket{le="+Inf"} 1\na_count 1\n',
    '# TYPE a histogram\na_bucket{le="1"} 2\na_bucket{le="+Inf"} 2\na_count 3\n',
  ];
  for (const text of refused) expect(() => readPrometheus(text)).toThrow();
  expect(readPrometheus('# HELP a b\n# TYPE a counter\na{b="c \\"d\\"",e="f"} 1.5e-7\n')).toEqual([
    { name: 'a', labels: { b: 'c \\"d\\"', e: 'f' }, value: 1.5e-7 },
  ]);
});

test('a source is counted from the start, and by what it does', async () => {
  const metrics = createMetrics();
  const meter = metrics.source('north');
  const before = await read(metrics);
  const counters = ['rows_scanned', 'rows_returned', 'streams', 'streams_pushed'];
  expect(counters.map((name) => before(`healthsync_source_${name}_total`, { source: 'north' }))).toEqual([0, 0, 0, 0]);
  meter.answered(3, 20);
  meter.answered(400, 0);
  meter.failed(2, 'source-unavailable');
  meter.planned(true);
  meter.planned(false);
  meter.returned(7);
  const of = await read(metrics);
  expect(counters.map((name) => of(`healthsync_source_${name}_total`, { source: 'north' }))).toEqual([20, 7, 2, 1]);
  expect(of('healthsync_source_failures_total', { source: 'north', code: 'source-unavailable' })).toBe(1);
  expect(of('healthsync_source_seconds_count', { source: 'north' })).toBe(3);
  expect(of('healthsync_source_seconds_sum', { source: 'north' })).toBeCloseTo(0.405);
  const below = ['0.001', '0.005', '0.25', '0.5', '+Inf'];
  expect(below.map((le) => of('healthsync_source_seconds_bucket', { source: 'north', le }))).toEqual([0, 2, 2, 3, 3]);
});

test('the guard of a source is asked when metrics are read', async () => {
  const metrics = createMetrics();
  let breaker: 'open' | 'half-open' = 'open';
  metrics.source('north').watch(() => ({ breaker, running: 3, waiting: 5 }));
  metrics.source('south').watch(() => ({ breaker: 'closed', running: 0, waiting: 0 }));
  const states = async (source: string) => {
    const of = await read(metrics);
    return ['closed', 'half-open', 'open'].map((state) => of('healthsync_source_breaker', { source, state }));
  };
  expect([await states('north'), await states('south')]).toEqual([
    [0, 0, 1],
    [1, 0, 0],
  ]);
  breaker = 'half-open';
  expect(await states('north')).toEqual([0, 1, 0]);
  const of = await read(metrics);
  expect(of('healthsync_source_running', { source: 'north' })).toBe(3);
  expect(of('healthsync_source_waiting', { source: 'north' })).toBe(5);
});

test('requests are counted by route, type and status, and timed by route', async () => {
  const metrics = createMetrics();
  for (const [status, ms] of [
    [200, 1],
    [200, 2],
    [503, 20],
  ] as const)
    metrics.request('GET /:type', 'Patient', status, ms);
  metrics.request('', '', 404, 1);
  const of = await read(metrics);
  const route = 'GET /:type';
  expect(of('healthsync_http_requests_total', { route, type: 'Patient', status: '200' })).toBe(2);
  expect(of('healthsync_http_requests_total', { route, type: 'Patient', status: '503' })).toBe(1);
  expect(of('healthsync_http_requests_total', { route: '', type: '', status: '404' })).toBe(1);
  expect(of('healthsync_http_request_seconds_count', { route })).toBe(3);
  expect(of('healthsync_http_request_seconds_sum', { route })).toBeCloseTo(0.023);
});

test('the process tells its memory and its processor time', async () => {
  const of = await read(createMetrics());
  expect(of('process_resident_memory_bytes')).toBeGreaterThan(1_000_000);
  expect(of('process_cpu_seconds_total')).toBeGreaterThan(0);
});
