import { execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { promisify } from 'node:util';

const root = new URL('../../', import.meta.url).pathname;
const run = promisify(execFile);

export async function freePort() {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address();
  server.close();
  await once(server, 'close');
  return port;
}

/** A process of node, once it has printed what `ready` finds in its first lines. Its log goes nowhere. */
export async function start(args, ready, options = []) {
  const child = spawn(process.execPath, [...options, ...args], { cwd: root, stdio: ['ignore', 'pipe', 'ignore'] });
  let said = '';
  const found = await new Promise((resolve, reject) => {
    child.once('exit', (code) => reject(new Error(`${args[0]} ended with ${code}`)));
    child.stdout.setEncoding('utf8').on('data', (text) => {
      if (said.length < 10_000) said += text;
      const match = ready.exec(said);
      if (match) resolve(match[1]);
    });
  });
  return {
    port: Number(found),
    /** Resident memory in MB. */
    memory: () => Number(/VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${child.pid}/status`, 'utf8'))[1]) / 1024,
    /** Seconds of CPU so far. https://man7.org/linux/man-pages/man5/proc_pid_stat.5.html: utime and stime, of a hundred ticks a second */
    cpu: () => {
      const fields = readFileSync(`/proc/${child.pid}/stat`, 'utf8').split(') ')[1].split(' ');
      return (Number(fields[11]) + Number(fields[12])) / 100;
    },
    async stop() {
      if (child.exitCode !== null || child.signalCode !== null)
        throw new Error(`${args[0]} ended by itself (${child.exitCode ?? child.signalCode})`);
      child.removeAllListeners('exit');
      const ended = once(child, 'exit');
      child.kill('SIGTERM');
      setTimeout(() => child.kill('SIGKILL'), 3000).unref();
      await ended;
    },
  };
}

export const startServer = (config, options) =>
  start([`${root}dist/src/main.js`, 'serve', '--config', config], /serves http:\/\/[^:]+:(\d+)/, options);
export const startFloor = (floor) => start([`${root}scripts/bench/floor.mjs`, JSON.stringify(floor)], /^(\d+)\n/);

export async function load(round) {
  const { stdout } = await run(process.execPath, [
    `${root}scripts/bench/load.mjs`,
    JSON.stringify({ connections: 16, ...round }),
  ]);
  return JSON.parse(stdout);
}

export const get = async (port, path) => {
  const answer = await fetch(`http://127.0.0.1:${port}${path}`);
  return { status: answer.status, text: await answer.text() };
};

export const median = (numbers) => {
  const sorted = [...numbers].sort((a, b) => a - b);
  const middle = sorted.length >> 1;
  return sorted.length % 2 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
};
