import type { Histogram, Registry } from 'prom-client';

/** Seconds: a point read of an embedded source takes a tenth of a millisecond, a request is given up after ten seconds. */
const bounds = [0.0001, 0.00025, 0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10];
const boundsMs = Float64Array.from(bounds, (seconds) => seconds * 1000);

/** How long things took, as numbers to add to: the library's own histogram hashes its labels at each observation. */
export class Timing {
  private readonly counts = new Float64Array(bounds.length + 1);
  private sum = 0;

  add(ms: number): void {
    let bucket = 0;
    while (bucket < bounds.length && ms > boundsMs[bucket]!) bucket++;
    this.counts[bucket]!++;
    this.sum += ms;
  }

  /** Samples of a histogram, each bucket counting what is in those before it. */
  samples(name: string, labels: Readonly<Record<string, string>>) {
    let count = 0;
    const buckets = Array.from(this.counts, (own, i) => {
      count += own;
      return { metricName: `${name}_bucket`, labels: { ...labels, le: String(bounds[i] ?? '+Inf') }, value: count };
    });
    return [
      ...buckets,
      { metricName: `${name}_sum`, labels, value: this.sum / 1000 },
      { metricName: `${name}_count`, labels, value: count },
    ];
  }
}

/** A histogram of one label in a registry; gives the timing of a value of the label. */
export function timings(registry: Registry, name: string, help: string, label: string): (value: string) => Timing {
  const byValue = new Map<string, Timing>();
  const metric = {
    name,
    help,
    type: 'histogram',
    aggregator: 'sum',
    get: async () => ({
      name,
      help,
      type: 'histogram',
      aggregator: 'sum',
      values: [...byValue].flatMap(([value, timing]) => timing.samples(name, { [label]: value })),
    }),
    reset: () => byValue.clear(),
  };
  // What a registry asks of a metric is `get`.
  registry.registerMetric(metric as unknown as Histogram);
  return (value) => {
    let timing = byValue.get(value);
    if (!timing) {
      timing = new Timing();
      byValue.set(value, timing);
    }
    return timing;
  };
}
