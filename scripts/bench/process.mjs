import { configuration, data } from './data.mjs';
import { freePort, get, load, median, startServer } from './processes.mjs';

const all = ['his-a', 'his-b', 'his-c', 'his-d'];

/** From the start of the process to the first answered search, over data that is there. */
export async function startTime({ rounds }) {
  const folder = await data('all', 1000);
  const times = [];
  for (let round = 0; round < rounds; round++) {
    const config = configuration(folder, all, await freePort());
    const begun = performance.now();
    const server = await startServer(config);
    const { status } = await get(server.port, '/fhir/Patient?_sort=birthdate&_count=20');
    times.push(performance.now() - begun);
    await server.stop();
    if (status !== 200) throw new Error(`the first answer is ${status}`);
  }
  const ms = median(times);
  return [
    {
      figure: 'start to the first answer, four sources',
      ours: `${ms.toFixed(0)} ms`,
      floor: '1500 ms',
      ratio: ms / 1500,
      target: 1,
      better: 'less',
    },
  ];
}

/** Resident memory after 10,000 requests, and what the last half of them added. */
export async function memory({ amount, patients }) {
  const rows = [];
  for (const [name, sources, most] of [
    ['SQLite alone', ['his-a'], 150],
    ['DuckDB too', all, 400],
  ]) {
    const folder = await data('all', patients);
    const server = await startServer(configuration(folder, sources, await freePort()));
    const paths = [
      '/fhir/Patient?_count=20',
      '/fhir/Patient?_sort=birthdate&_count=20',
      '/fhir/Patient?birthdate=1980-05&_count=20',
      '/fhir/Observation?code=8302-2&_count=20',
    ];
    const round = (share) => load({ port: server.port, paths, amount: Math.round(amount * share) });
    const before = server.memory();
    const seen = [];
    for (let i = 0; i < 4; i++) {
      const { failed } = await round(0.25);
      if (failed > 0) throw new Error(`${failed} requests failed`);
      seen.push(server.memory());
    }
    await server.stop();
    const [, half, , end] = seen;
    rows.push({
      figure: `resident memory, ${name}, after ${amount.toLocaleString('en')} requests`,
      ours: `${end.toFixed(0)} MB`,
      floor: `${most} MB`,
      ratio: end / most,
      target: 1,
      better: 'less',
      note: `${before.toFixed(0)} MB at the start, ${half.toFixed(0)} MB half way`,
    });
  }
  return rows;
}
