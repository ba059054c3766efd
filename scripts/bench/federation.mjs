import { configuration, data } from './data.mjs';
import { freePort, get, median, start } from './processes.mjs';

const root = new URL('../../', import.meta.url).pathname;
const all = ['his-a', 'his-b', 'his-c', 'his-d'];
const ASKED = 40;

async function timed(port, path) {
  const begun = performance.now();
  const { status, text } = await get(port, path);
  if (status !== 200) throw new Error(`${path}: ${status} ${text.slice(0, 300)}`);
  return { ms: performance.now() - begun, text };
}

/** Four sources, each 50 ms late, against one that is just as late. */
export async function lateSources() {
  const folder = await data('all', 1000);
  const path = '/fhir/Patient?_sort=birthdate&_count=20';
  const medians = {};
  const servers = [];
  for (const [name, sources] of [
    ['one', ['his-a']],
    ['four', all],
  ]) {
    const config = configuration(folder, sources, await freePort());
    servers.push([
      name,
      await start([`${root}scripts/bench/delay.mjs`, JSON.stringify({ config, delay: 50 })], /serves (\d+)/),
    ]);
  }
  const times = { one: [], four: [] };
  for (let i = 0; i < ASKED; i++) {
    for (const [name, { port }] of servers) {
      const { ms } = await timed(port, path);
      if (i >= 5) times[name].push(ms);
    }
  }
  for (const [, server] of servers) await server.stop();
  for (const name of Object.keys(times)) medians[name] = median(times[name]);
  return [
    {
      figure: 'search of four sources, each 50 ms late, against one',
      ours: `${medians.four.toFixed(1)} ms`,
      floor: `${medians.one.toFixed(1)} ms`,
      ratio: medians.four / medians.one,
      target: 1.2,
      better: 'less',
    },
  ];
}

/** A page over all eight kinds of source, each 50 ms late, against one that is just as late: the quickest of them. */
export async function lateKinds() {
  const { kinds } = await import('./people-of-kinds.mjs');
  const path = '/fhir/Patient?_sort=family&_count=20';
  const typescript = ['--import', new URL('../typescript.mjs', import.meta.url).href];
  const medians = {};
  for (const [name, asked] of [...kinds.map((kind) => [kind, [kind]]), ['all', kinds]]) {
    const setting = JSON.stringify({ kinds: asked, delay: 50 });
    const server = await start([`${root}scripts/bench/kinds-late.mjs`, setting], /serves (\d+)/, typescript);
    const times = [];
    for (let i = 0; i < ASKED; i++) {
      const { ms, text } = await timed(server.port, path);
      if (JSON.parse(text).entry.length !== 20) throw new Error(`${name}: ${text.slice(0, 300)}`);
      if (i >= 10) times.push(ms);
    }
    await server.stop();
    medians[name] = median(times);
  }
  const { all, ...ones } = medians;
  const one = Math.min(...Object.values(ones));
  return [
    {
      figure: 'a page over all eight kinds, each 50 ms late, against one',
      ours: `${all.toFixed(1)} ms`,
      floor: `${one.toFixed(1)} ms`,
      ratio: all / one,
      target: 1.2,
      better: 'less',
      note: `alone: ${Object.entries(ones)
        .map(([kind, ms]) => `${kind} ${ms.toFixed(1)}`)
        .join(', ')}`,
    },
  ];
}

/** The page that the last link of a long traversal leads to, against the first. */
export async function latePage({ patients, sources, pages, count }) {
  const one = sources.length === 1;
  const folder = await data(one ? sources[0] : 'all', patients);
  const config = configuration(folder, sources, await freePort());
  const server = await start([`${root}dist/src/main.js`, 'serve', '--config', config], /serves http:\/\/[^:]+:(\d+)/);
  try {
    const rows = [];
    for (const sort of ['', '_sort=birthdate&']) {
      const first = `/fhir/Patient?${sort}_count=${count}`;
      let path = first;
      for (let page = 1; page < pages; page++) {
        const { text } = await timed(server.port, path);
        const next = JSON.parse(text).link.find(({ relation }) => relation === 'next')?.url;
        if (!next) throw new Error(`${first}: ${page} pages only`);
        const { pathname, search } = new URL(next);
        path = pathname + search;
      }
      const [early, late] = [[], []];
      for (let i = 0; i < ASKED; i++) {
        early.push((await timed(server.port, first)).ms);
        late.push((await timed(server.port, path)).ms);
      }
      rows.push({
        figure: `page ${pages.toLocaleString('en')} against page 1, ${sort ? 'by birth date' : 'in native order'}, ${one ? 'sqlite' : 'four sources'}, ${patients.toLocaleString('en')} patients`,
        ours: `${median(late).toFixed(2)} ms`,
        floor: `${median(early).toFixed(2)} ms`,
        ratio: median(late) / median(early),
        target: 1.5,
        better: 'less',
      });
    }
    return rows;
  } finally {
    await server.stop();
  }
}
