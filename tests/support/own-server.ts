import { execFile } from 'node:child_process';
import { mkdtempSync, readFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { root } from './source-tree.js';

const run = promisify(execFile);

export type ServerKind = 'mysql' | 'postgres' | 'mongodb' | 'influxdb' | 'neo4j';

export interface OwnServer {
  /** It stays the same when the server is killed and started again. */
  readonly url: string;
  /** The process that listens. */
  pid(): number;
  /** As a crash: SIGKILL, for the processes of its sessions too, which may live on for a moment. Its data stay. */
  kill(): void;
  /** Starts it anew on its port and its data; does nothing when it runs. */
  start(): Promise<void>;
  /** Stops it and removes its data. */
  close(): Promise<void>;
}

/**
 * A server of its own for a test that kills, stops or fills it; those that the environment names are shared. `signIn`: it asks for
 * user and password, of whatever kind it is.
 */
export async function ownServer(kind: ServerKind, { signIn = false } = {}): Promise<OwnServer> {
  const folder = mkdtempSync(join(tmpdir(), 'own-server-'));
  const environment = Object.fromEntries(Object.entries(process.env).filter(([name]) => !/^HEALTHSYNC_/.test(name)));
  const env = {
    ...environment,
    HEALTHSYNC_SERVICES: folder,
    ...(signIn && { HEALTHSYNC_SERVICES_SIGN_IN: 'required' }),
  };
  const services = async (command: string) =>
    (await run(join(root, 'scripts/services'), [command, kind], { env })).stdout;
  const url = /='(.*)'/.exec(await services('up'))![1]!;
  const pid = () => (JSON.parse(readFileSync(join(folder, kind, 'note.json'), 'utf8')) as Note).process.pid;
  return {
    url,
    pid,
    kill: () => {
      const own = pid();
      const children = readFileSync(`/proc/${own}/task/${own}/children`, 'utf8').split(' ').filter(Boolean).map(Number);
      for (const one of [own, ...children]) process.kill(one, 'SIGKILL');
    },
    start: async () => {
      await services('up');
    },
    close: async () => {
      await services('down');
    },
  };
}

interface Note {
  readonly process: { readonly pid: number };
}
