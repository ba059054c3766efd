/**
 * Starts and stops one server. A kind of server is
 *   packages()                  the Debian packages it lacks
 *   install()                   what apt does not have; called each time
 *   prepare(place)              fills the new folder `place.data`; called once
 *   launch(place)               `{ file, args, env?, user? }`, a program that stays in the foreground
 *   ready(place)                whether it serves
 *   settle?(place)              called each time it is up
 *   url(place)
 *   stopSignal                  what ends it at once: its data go too
 * with `place = { name, data, port, secret, log }`.
 */
import { spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { closeSync, mkdirSync, openSync, readFileSync } from 'node:fs';
import { setTimeout as wait } from 'node:timers/promises';
import { identify, isAlive } from './identity.mjs';
import { freePort } from './ports.mjs';

const startMs = 120_000;
const stopMs = 15_000;

export async function startServer(folder, name, kind, variable) {
  const known = folder.note(name);
  await kind.install();
  const place = {
    name,
    data: folder.path(name, 'data'),
    log: folder.path(name, 'log'),
    port: known?.port ?? (await freePort()),
    secret: known?.secret ?? randomBytes(18).toString('base64url'),
  };
  const noted = { port: place.port, secret: place.secret, variable };
  if (!known?.url) {
    folder.remove(name);
    mkdirSync(place.data, { recursive: true });
    await kind.prepare(place);
  }
  const deadline = performance.now() + startMs;
  for (;;) {
    const running = spawnDetached(kind.launch(place), place);
    folder.write(name, { ...noted, ...(known?.url && { url: known.url }), process: running });
    if (await becomesReady(kind, place, running, deadline)) {
      await kind.settle?.(place);
      folder.write(name, { ...noted, url: kind.url(place), process: running });
      return;
    }
    // A server that was killed may leave children or a lock for a moment: it is started again until the deadline.
    if (isAlive(running) || performance.now() > deadline - startMs + 20_000) {
      await end(running, kind.stopSignal);
      throw new Error(`${name} does not start; its log ends with\n${readFileSync(place.log, 'utf8').slice(-2000)}`);
    }
    await wait(500);
  }
}

export async function stopServer(folder, name, kind) {
  const known = folder.note(name);
  if (isAlive(known?.process)) await end(known.process, kind.stopSignal);
  folder.remove(name);
}

function spawnDetached({ file, args, env, user }, { data, log }) {
  const output = openSync(log, 'a', 0o600);
  const child = spawn(file, args, {
    cwd: data,
    env: { ...process.env, ...env },
    detached: true,
    stdio: ['ignore', output, output],
    ...user,
  });
  child.on('error', () => {});
  child.unref();
  closeSync(output);
  return child.pid === undefined ? undefined : identify(child.pid);
}

async function becomesReady(kind, place, running, deadline) {
  while (performance.now() < deadline) {
    if (!isAlive(running)) return false;
    if (await kind.ready(place)) return isAlive(running);
    await wait(100);
  }
  return false;
}

async function end(running, signal) {
  if (!isAlive(running)) return;
  process.kill(running.pid, signal);
  for (let waited = 0; waited < stopMs; waited += 50) {
    if (!isAlive(running)) return;
    await wait(50);
  }
  process.kill(running.pid, 'SIGKILL');
  while (isAlive(running)) await wait(50);
}
