/**
 * `npm run prove -- --writes`: prove-writes.mjs. `npm run prove [-- --cases N] [--seed N] [--servers]`: pushdown on = pushdown off = oracle, over random searches of random data
 * (tests/property). With `--servers` the data are split at random over the real servers that the environment names
 * (`scripts/services run npm run prove -- --servers`), 10,000 cases unless it is said otherwise; without it, a hundred thousand in
 * memory and in files. Exits 1 when any differ, when fewer than 60 % have an answer, or when a type, prefix, modifier, server or
 * kind of dirty value did not occur.
 */
import { fork } from 'node:child_process';
import { availableParallelism } from 'node:os';
import { parseArgs } from 'node:util';
import './typescript.mjs';

if (process.argv.includes('--writes')) {
  const { proveWritesOfCommand } = await import('./prove-writes.mjs');
  process.exit(await proveWritesOfCommand());
}

const { lacking, together } = await import('../tests/property/coverage.ts');
const { values } = parseArgs({
  options: { cases: { type: 'string' }, seed: { type: 'string', default: '1' }, servers: { type: 'boolean' } },
});
const wanted = Number(values.cases ?? (values.servers ? 10_000 : 100_000));
const perDataSet = values.servers ? 100 : 250;
/** Of five data sets four lie in memory, and one as SQLite, JSON and CSV files. */
const formOf = (n) => (values.servers ? 'servers' : n % 5 === 4 ? 'files' : 'memory');
const places = ['mysql', 'postgres', 'mongodb', 'influxdb', 'neo4j'];
const servers = values.servers && Object.fromEntries(places.map((kind) => [kind, urlOf(kind)]));

function urlOf(kind) {
  const variable = `HEALTHSYNC_TEST_${kind.toUpperCase()}_URL`;
  const url = process.env[variable];
  if (url) return url;
  console.error(`${variable} is not set: scripts/services run npm run prove -- --servers`);
  process.exit(2);
}

const requests = Array.from({ length: Math.ceil(wanted / perDataSet) }, (_, n) => ({
  seeds: [Number(values.seed) * 1_000_000 + n],
  casesPerDataSet: perDataSet,
  form: formOf(n),
  ...(servers && { servers }),
}));
const began = performance.now();
const tallies = [];
let done = 0;

await Promise.all(Array.from({ length: Math.min(availableParallelism(), requests.length) }, work));

function work() {
  return new Promise((resolve, reject) => {
    const worker = fork(new URL('../tests/property/worker.ts', import.meta.url).pathname, {
      execArgv: ['--import', new URL('./typescript.mjs', import.meta.url).href],
    });
    worker.on('error', reject);
    worker.on('exit', (code) =>
      code === 0 || code === null ? resolve() : reject(new Error(`a worker ended with ${code}`)),
    );
    worker.on('message', (tally) => {
      if (tally !== 'ready') {
        tallies.push(tally);
        done += tally.cases;
        for (const { seed, form, query, difference } of tally.differences)
          console.log(`\nseed ${seed} (${form}) ${decodeURIComponent(query.replaceAll('+', ' '))}\n  ${difference}`);
        if (process.stdout.isTTY) process.stdout.write(`\r${done} of ${wanted}`);
      }
      const next = requests.shift();
      if (next) worker.send(next);
      else worker.disconnect();
    });
  });
}

const all = together(tallies);
const seconds = (performance.now() - began) / 1000;
const unheld = values.servers ? [...places, 'files'].filter((place) => !all.tags[`place:${place}`]) : [];
const missed = [...lacking(all), ...unheld];
const share = all.answered / all.cases;
const group = (prefix) =>
  Object.entries(all.tags)
    .filter(([tag]) => tag.startsWith(prefix))
    .sort()
    .map(([tag, count]) => `${tag.slice(prefix.length)} ${count}`)
    .join(', ');
const rows = {
  cases: all.cases,
  differences: all.differences.length,
  'with an answer': `${(share * 100).toFixed(1)} %`,
  'data sets': tallies.length,
  'resources in them': all.resources,
  'cases a second': (all.cases / seconds).toFixed(1),
  seconds: seconds.toFixed(0),
  types: group('type:'),
  modifiers: group('modifier:'),
  'date prefixes': group('prefix:date-'),
  'number prefixes': group('prefix:number-'),
  'quantity prefixes': group('prefix:quantity-'),
  sorts: group('sort:'),
  chains: group('chain:'),
  ...(values.servers && { 'parts that lay in': group('place:') }),
  illegal: group('illegal:'),
  refused: all.refused,
  'kinds of dirty value': Object.keys(all.dirt).length,
  'did not occur': missed.join(', ') || 'nothing that must',
};
const width = Math.max(...Object.keys(rows).map((name) => name.length));
console.log(
  Object.entries(rows)
    .map(([name, value]) => `${name.padEnd(width)}  ${value}`)
    .join('\n'),
);
process.exitCode = all.differences.length > 0 || share < 0.6 || missed.length > 0 || all.cases < wanted ? 1 : 0;
