import { load, median } from './processes.mjs';

/** The same requests of ours and of the floor, in turns, as a row of the table. Throws when one fails. */
export async function inTurns({ figure, paths, port, floor, rounds, seconds }) {
  const measured = [];
  await load({ port, paths, seconds: Math.min(seconds, 1) });
  await load({ port: floor, paths, seconds: Math.min(seconds, 1) });
  for (let round = 0; round < rounds; round++) {
    const bare = await load({ port: floor, paths, seconds });
    const ours = await load({ port, paths, seconds });
    if (ours.failed + bare.failed > 0) throw new Error(`${figure}: ${ours.failed + bare.failed} requests failed`);
    measured.push({ ours, bare, ratio: ours.rate / bare.rate });
  }
  const middle = (of) => median(measured.map(of)).toFixed(0);
  return {
    figure,
    ours: `${middle(({ ours }) => ours.rate)}/s`,
    floor: `${middle(({ bare }) => bare.rate)}/s`,
    ratio: median(measured.map(({ ratio }) => ratio)),
    target: 0.6,
    better: 'more',
    note: `p99 ${middle(({ ours }) => ours.p99)} ms, floor ${middle(({ bare }) => bare.p99)} ms`,
  };
}
