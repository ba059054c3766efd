/** One sample of the text format. */
export interface Sample {
  readonly name: string;
  readonly labels: Readonly<Record<string, string>>;
  readonly value: number;
}

const name = '[a-zA-Z_:][a-zA-Z0-9_:]*';
const label = `[a-zA-Z_][a-zA-Z0-9_]*="(?:[^"\\\\\\n]|\\\\["\\\\n])*"`;
const sampleLine = new RegExp(`^(${name})(?:\\{((?:${label},?)*)\\})? (-?[0-9.]+(?:e[+-]?[0-9]+)?|[+-]Inf|[Nn]a[Nn])$`);
const helpLine = new RegExp(`^# HELP (${name}) .+$`);
const typeLine = new RegExp(`^# TYPE (${name}) (counter|gauge|histogram|summary|untyped)$`);

/**
 * Reads what a Prometheus server reads (https://prometheus.io/docs/instrumenting/exposition_formats/#text-format-details), and throws
 * where it would: a line of no kind, a sample without its TYPE before it, a TYPE or a sample said twice, a histogram that falls.
 */
export function readPrometheus(text: string): readonly Sample[] {
  if (!text.endsWith('\n')) throw new Error('The last line has no end');
  const types = new Map<string, string>();
  const seen = new Set<string>();
  const samples: Sample[] = [];
  for (const line of text.split('\n')) {
    if (line === '' || helpLine.test(line)) continue;
    const type = typeLine.exec(line);
    if (type) {
      if (types.has(type[1]!)) throw new Error(`TYPE twice: ${line}`);
      types.set(type[1]!, type[2]!);
      continue;
    }
    const found = sampleLine.exec(line);
    if (!found) throw new Error(`No line of the format: ${line}`);
    const [, metric, inner = '', value] = found as unknown as [string, string, string | undefined, string];
    if (!types.has(metric) && types.get(metric.replace(/_(bucket|sum|count)$/, '')) === undefined)
      throw new Error(`A sample without a TYPE: ${line}`);
    if (seen.has(`${metric}{${inner}}`)) throw new Error(`A sample twice: ${line}`);
    seen.add(`${metric}{${inner}}`);
    const labels = Object.fromEntries(
      [...inner.matchAll(/([a-zA-Z_][a-zA-Z0-9_]*)="((?:[^"\\]|\\.)*)"/g)].map(([, key, text]) => [key!, text!]),
    );
    samples.push({ name: metric, labels, value: Number(value.replace('Inf', 'Infinity')) });
  }
  for (const [metric, type] of types) if (type === 'histogram') checkHistogram(metric, samples);
  return samples;
}

function checkHistogram(metric: string, samples: readonly Sample[]): void {
  const series = new Map<string, number>();
  for (const { name: own, labels, value } of samples) {
    const { le, ...rest } = labels;
    const key = JSON.stringify(rest);
    if (own === `${metric}_bucket`) {
      if (le === undefined || value < (series.get(key) ?? 0)) throw new Error(`${metric}: a bucket falls`);
      series.set(key, value);
    } else if (own === `${metric}_count` && series.get(key) !== value) {
      throw new Error(`${metric}: the count is not that of the last bucket`);
    }
  }
}
