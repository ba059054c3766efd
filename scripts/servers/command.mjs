/**
 * scripts/services up [KIND...]     installs what is missing, starts the servers, prints `export HEALTHSYNC_TEST_<KIND>_URL=...`
 * scripts/services down [KIND...]   stops what `up` started, by process id, and removes its data
 * scripts/services run COMMAND...   all servers up, COMMAND with their URLs and HEALTHSYNC_TEST_ALL=1, those it started down
 *
 * KIND: mysql postgres mongodb mongodb-2 influxdb neo4j. Use: `eval "$(scripts/services up)"`, or the file that `up` names.
 * `up` leaves a running server alone, and starts one that died anew, on its port and its data. A URL that the environment
 * holds already is preferred. Everything lies in one throw-away folder, $HEALTHSYNC_SERVICES (default: in the temporary folder,
 * one for each user), and listens on 127.0.0.1. What is downloaded is kept in ~/.cache/healthsync-services.
 */
import { spawn } from 'node:child_process';
import { constants } from 'node:os';
import { serversFolder } from './folder.mjs';
import { influxdb } from './influxdb.mjs';
import { installPackages } from './install.mjs';
import { mongodb } from './mongodb.mjs';
import { mysql } from './mysql.mjs';
import { neo4j } from './neo4j.mjs';
import { answers } from './ports.mjs';
import { postgres } from './postgres.mjs';
import { startServer, stopServer } from './server.mjs';

const kinds = { mysql, postgres, mongodb, 'mongodb-2': mongodb, influxdb, neo4j };
const variable = (kind) => `HEALTHSYNC_TEST_${kind.toUpperCase().replace('-', '_')}_URL`;
const say = (text) => process.stderr.write(`services: ${text}\n`);

class Misuse extends Error {}

/** The URL of each kind, and which of them were started now. */
async function up(names) {
  const folder = serversFolder();
  const ours = names.filter((name) => {
    const given = process.env[variable(name)];
    return given === undefined || given === '' || given === folder.url(name);
  });
  for (const name of names.filter((each) => !ours.includes(each))) {
    const { hostname, port } = new URL(process.env[variable(name)]);
    if (!(await answers(Number(port) || undefined, hostname)))
      throw new Misuse(`${variable(name)} is set, but nothing answers there: unset it to have a server started`);
    say(`${name}: as ${variable(name)} says`);
  }
  return folder.alone(async () => {
    const missing = ours.filter((name) => !folder.runs(name));
    await installPackages(missing.flatMap((name) => kinds[name].packages()));
    const ended = await Promise.allSettled(
      missing.map(async (name) => {
        const began = performance.now();
        await startServer(folder, name, kinds[name], variable(name));
        say(`${name}: up after ${((performance.now() - began) / 1000).toFixed(1)} s`);
      }),
    );
    for (const { reason } of ended) if (reason) say(reason.message);
    if (ended.some(({ status }) => status === 'rejected')) process.exitCode = 1;
    const running = ours.filter((name) => folder.runs(name));
    return {
      environment: Object.fromEntries(running.map((name) => [variable(name), folder.url(name)])),
      file: folder.environmentFile,
      started: missing.filter((name) => running.includes(name)),
    };
  });
}

async function down(names) {
  const folder = serversFolder();
  await folder.alone(() => Promise.all(names.map((name) => stopServer(folder, name, kinds[name]))));
  folder.removeIfEmpty();
}

async function run([command, ...args]) {
  if (command === undefined) throw new Misuse('run what?');
  const { environment, started } = await up(Object.keys(kinds));
  try {
    if (process.exitCode) return;
    const child = spawn(command, args, {
      stdio: 'inherit',
      env: { ...process.env, ...environment, HEALTHSYNC_TEST_ALL: '1' },
    });
    for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(signal, () => child.kill(signal));
    process.exitCode = await new Promise((resolve, reject) => {
      child.on('error', reject);
      child.on('exit', (code, signal) => resolve(code ?? 128 + constants.signals[signal]));
    });
  } finally {
    await down(started);
  }
}

function named(names) {
  const unknown = names.find((name) => !(name in kinds));
  if (unknown) throw new Misuse(`no such server: ${unknown}; there are ${Object.keys(kinds).join(', ')}`);
  return names.length === 0 ? Object.keys(kinds) : names;
}

const commands = {
  up: async (names) => {
    const { environment, file } = await up(named(names));
    for (const [name, url] of Object.entries(environment)) process.stdout.write(`export ${name}='${url}'\n`);
    process.stdout.write(`# all of them: ${file}\n`);
  },
  down: (names) => down(named(names)),
  run,
};

const [name, ...rest] = process.argv.slice(2);
try {
  if (!Object.hasOwn(commands, name ?? '')) throw new Misuse('up [KIND...] | down [KIND...] | run COMMAND...');
  await commands[name](rest);
} catch (error) {
  if (!(error instanceof Misuse)) throw error;
  say(error.message);
  process.exitCode = 2;
}
