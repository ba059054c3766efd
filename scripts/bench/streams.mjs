import { execFile } from 'node:child_process';
import { promisify } from 'node:util';

const root = new URL('../../', import.meta.url).pathname;
const run = promisify(execFile);

/** A million rows through each adapter that is there: what is in use at the end is what was after the first tenth. */
export async function streams() {
  const rows = [];
  const most = 16;
  for (const kind of ['sqlite', 'csv', 'json', 'mysql', 'postgres', 'mongodb', 'influxdb', 'neo4j']) {
    const isFile = ['sqlite', 'csv', 'json'].includes(kind);
    if (!isFile && !process.env[`HEALTHSYNC_TEST_${kind.toUpperCase()}_URL`]) {
      process.stderr.write(`  no ${kind}: scripts/services run npm run bench -- --only streams\n`);
      continue;
    }
    const { stdout } = await run(process.execPath, [`${root}scripts/bench/million.mjs`, kind], { cwd: root });
    const { megabytes, seconds } = JSON.parse(/streamed (.*)/.exec(stdout)[1]);
    const [early, half, end] = megabytes;
    rows.push({
      figure: `memory that a million rows add, ${kind}`,
      ours: `${(end - early).toFixed(1)} MB`,
      floor: `${most} MB`,
      ratio: (end - early) / most,
      target: 1,
      better: 'less',
      note: `${early.toFixed(1)} MB in use after a tenth, ${half.toFixed(1)} half way, ${end.toFixed(1)} at the end; ${seconds.toFixed(0)} s`,
    });
  }
  return rows;
}
