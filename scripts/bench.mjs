/**
 * Measures the server against a floor in the same run, and prints the ratios as a table.
 *   npm run bench -- [--patients 1000,100000,1000000] [--quick] [--only searches,late,pages,decode,start,memory,servers,chain,vitals,kinds,streams,writes]
 * The last six need servers that the environment names (scripts/services up), and leave out a kind that it does not name.
 */
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { decode } from './bench/decode.mjs';
import { lateKinds, latePage, lateSources } from './bench/federation.mjs';
import { memory, startTime } from './bench/process.mjs';
import { searches } from './bench/searches.mjs';
import { chain, lastHour } from './bench/servers/against-queries.mjs';
import { serverSearches } from './bench/servers/searches.mjs';
import { streams } from './bench/streams.mjs';
import { writes } from './bench/writes.mjs';

const { values } = parseArgs({
  options: {
    patients: { type: 'string', default: '1000,100000,1000000' },
    quick: { type: 'boolean', default: false },
    only: { type: 'string' },
  },
});
const { quick } = values;
const sizes = values.patients.split(',').map(Number);
const [rounds, seconds] = quick ? [3, 1] : [5, 3];
const urlOf = (kind) => process.env[`HEALTHSYNC_TEST_${kind.toUpperCase()}_URL`];
const named = (...kinds) => {
  const missing = kinds.filter((kind) => !urlOf(kind));
  if (missing.length > 0) process.stderr.write(`  left out: the environment names no ${missing.join(', ')}\n`);
  return missing.length === 0 ? Object.fromEntries(kinds.map((kind) => [kind, urlOf(kind)])) : undefined;
};
const figures = {
  decode: () => decode({ rounds: quick ? 5 : 15 }),
  start: () => startTime({ rounds: quick ? 3 : 7 }),
  late: lateSources,
  searches: async () => {
    const rows = [];
    for (const patients of sizes) rows.push(...(await searches({ source: 'his-a', patients, rounds, seconds })));
    // DuckDB reads its files anew for each request, so a million documents are no interactive source.
    for (const patients of sizes.filter((size) => size <= 100_000))
      rows.push(...(await searches({ source: 'his-b', patients, rounds, seconds })));
    return rows;
  },
  pages: async () => [
    ...(await latePage({ patients: 100_000, sources: ['his-a'], pages: 1000, count: 20 })),
    ...(quick
      ? []
      : await latePage({ patients: 100_000, sources: ['his-a', 'his-b', 'his-c', 'his-d'], pages: 1000, count: 20 })),
  ],
  servers: async () => {
    const rows = [];
    for (const kind of ['mysql', 'postgres', 'mongodb', 'neo4j'])
      for (const patients of sizes.filter((size) => size <= 100_000))
        if (named(kind)) rows.push(...(await serverSearches({ kind, url: urlOf(kind), patients, rounds, seconds })));
    return rows;
  },
  chain: async () => {
    const urls = named('mysql', 'postgres');
    return urls ? chain({ ...urls, patients: quick ? 1000 : 100_000, each: 20 }) : [];
  },
  vitals: async () => {
    const urls = named('influxdb');
    return urls ? lastHour({ ...urls, number: quick ? 100_000 : 1_000_000 }) : [];
  },
  kinds: () => (named('mysql', 'postgres', 'mongodb', 'influxdb', 'neo4j') ? lateKinds() : []),
  streams,
  writes: async () => {
    const rows = await writes({ kind: 'sqlite', rounds, seconds });
    // Where no disk is waited for, the processor decides.
    const unwaited = '/dev/shm';
    if (existsSync(unwaited)) {
      const where = mkdtempSync(join(unwaited, 'healthsync-bench-'));
      try {
        rows.push(...(await writes({ kind: 'sqlite', name: 'sqlite in memory', rounds, seconds, where })));
      } finally {
        rmSync(where, { recursive: true });
      }
    }
    for (const kind of ['postgres', 'mysql', 'mongodb'])
      if (named(kind)) rows.push(...(await writes({ kind, url: urlOf(kind), rounds, seconds })));
    return rows;
  },
  memory: () => memory({ amount: quick ? 2000 : 10_000, patients: 1000 }),
};

const wanted = values.only?.split(',') ?? Object.keys(figures);
const rows = [];
for (const name of wanted) {
  process.stderr.write(`${name} ...\n`);
  const found = await figures[name]();
  for (const { figure, ours, floor, ratio } of found)
    process.stderr.write(`  ${figure}: ${ours}, ${floor}, ${ratio.toFixed(2)}\n`);
  rows.push(...found);
}

const met = ({ ratio, target, better }) => (better === 'more' ? ratio >= target : ratio <= target);
const cells = [
  ['figure', 'ours', 'floor or limit', 'ratio', 'target', '', 'note'],
  ...rows.map((row) => [
    row.figure,
    row.ours,
    row.floor,
    row.ratio.toFixed(2),
    `${row.better === 'more' ? '>=' : '<='} ${row.target}`,
    met(row) ? 'met' : 'SHORT',
    row.note ?? '',
  ]),
];
const widths = cells[0].map((_, i) => Math.max(3, ...cells.map((line) => line[i].length)));
const line = (texts) => `| ${texts.map((text, i) => text.padEnd(widths[i])).join(' | ')} |\n`;
process.stdout.write(line(cells[0]));
process.stdout.write(line(widths.map((width) => '-'.repeat(width))));
for (const texts of cells.slice(1)) process.stdout.write(line(texts));
