/** The one throw-away folder: for each server its data, its log and a note of where it listens and which process it is. */
import { chmodSync, mkdirSync, readdirSync, readFileSync, rmdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir, userInfo } from 'node:os';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { isAlive, thisProcess } from './identity.mjs';

export function serversFolder() {
  const root = process.env.HEALTHSYNC_SERVICES || join(tmpdir(), `healthsync-services-${userInfo().uid}`);
  const path = (...parts) => join(root, ...parts);
  const environmentFile = path('environment');
  const lock = path('lock');

  /** `{ port, url, variable, secret, process: { pid, born } }`, or undefined. */
  function note(name) {
    try {
      return JSON.parse(readFileSync(path(name, 'note.json'), 'utf8'));
    } catch (error) {
      if (error.code === 'ENOENT' || error.code === 'ENOTDIR') return undefined;
      throw error;
    }
  }

  function writeEnvironment() {
    const notes = readdirSync(root).flatMap((name) => note(name) ?? []);
    const lines = notes.map(({ variable, url }) => `export ${variable}='${url}'\n`).sort();
    writeFileSync(environmentFile, lines.join(''), { mode: 0o600 });
  }

  return {
    path,
    note,
    environmentFile,
    url: (name) => note(name)?.url,
    runs: (name) => isAlive(note(name)?.process),
    write(name, content) {
      writeFileSync(path(name, 'note.json'), JSON.stringify(content), { mode: 0o600 });
      if (content.url) writeEnvironment();
    },
    remove(name) {
      rmSync(path(name), { recursive: true, force: true, maxRetries: 5 });
      if (readdirSync(root).includes('environment')) writeEnvironment();
    },
    removeIfEmpty() {
      const left = readdirSync(root).filter((name) => name !== 'environment');
      if (left.length > 0) return;
      rmSync(environmentFile, { force: true });
      rmdirSync(root);
    },
    /** Two `up` at once would start a server twice. */
    async alone(work) {
      mkdirSync(root, { recursive: true });
      // Another user (postgres) passes through to the folder that is its own; nobody lists or reads.
      chmodSync(root, 0o711);
      for (;;) {
        try {
          writeFileSync(lock, JSON.stringify(thisProcess()), { flag: 'wx', mode: 0o600 });
          break;
        } catch (error) {
          if (error.code !== 'EEXIST') throw error;
          if (!isAlive(holder(lock))) rmSync(lock, { force: true });
          else await wait(200);
        }
      }
      try {
        return await work();
      } finally {
        rmSync(lock, { force: true });
      }
    },
  };
}

function holder(lock) {
  try {
    return JSON.parse(readFileSync(lock, 'utf8'));
  } catch {
    return undefined;
  }
}
