import { readFileSync } from 'node:fs';
import { expect, test } from '@jest/globals';
import type { DemoServer } from './demo-server.js';
import { nativeQueries } from './native-queries.js';

/** Typical searches of one source, and what its database must find their rows by; `scan` where its schema has no index for them. */
export interface Explained {
  readonly kind: string;
  readonly source: string;
  readonly searches: Readonly<Record<string, 'key' | 'index' | 'scan'>>;
}

export const explained = JSON.parse(
  readFileSync(new URL('../cases/explained-searches.json', import.meta.url), 'utf8'),
) as readonly Explained[];

/** A test for each search over a source: the database's own EXPLAIN says that an index is used. */
export function explainedTests({ source, searches }: Explained, demo: () => DemoServer): void {
  test.each(Object.entries(searches))(`${source}: %s`, async (search, access) => {
    const queries = (await nativeQueries(demo(), search)).filter((one) => one.source === source);
    expect(queries.length).toBeGreaterThan(0);
    const worst = (['scan', 'index', 'key'] as const).find((one) => queries.some((query) => query.access === one));
    const told = queries.map(({ text, plan = [] }) => [text, ...plan].join('\n')).join('\n\n');
    expect({ worst, told }).toEqual({ worst: access, told });
    expect(queries.every(({ plan = [] }) => plan.length > 0)).toBe(true);
  });
}
