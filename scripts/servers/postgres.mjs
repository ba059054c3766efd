/** PostgreSQL with passwords; its user is a superuser. */
import { execFileSync } from 'node:child_process';
import { chmodSync, chownSync, rmSync, writeFileSync } from 'node:fs';
import { userInfo } from 'node:os';
import { dirname, join } from 'node:path';
import { finish, program } from './install.mjs';

/** It refuses to run as root: then it runs as Debian's postgres, who owns the data. */
function owner() {
  if (userInfo().uid !== 0) return undefined;
  const id = (which) => Number(execFileSync('id', [which, 'postgres'], { encoding: 'utf8' }));
  return { uid: id('-u'), gid: id('-g') };
}

export const postgres = {
  // At once, but not so that its children and its shared memory stay behind.
  stopSignal: 'SIGQUIT',
  packages: () => (program('postgres') && program('initdb') ? [] : ['postgresql']),
  install: async () => {},
  async prepare({ data, secret }) {
    const user = owner();
    // Another user passes through to the data, and reads nothing on the way.
    chmodSync(dirname(data), 0o711);
    chmodSync(data, 0o700);
    const password = join(dirname(data), 'password');
    writeFileSync(password, secret, { mode: 0o600 });
    if (user) for (const path of [data, password]) chownSync(path, user.uid, user.gid);
    const plain = ['--no-sync', '--encoding=UTF8', '--locale=C.UTF-8', '--auth=scram-sha-256', '--username=healthsync'];
    await finish(program('initdb'), ['-D', data, ...plain, `--pwfile=${password}`], { ...user, cwd: data });
    rmSync(password);
    const input = 'CREATE DATABASE healthsync_test\n';
    await finish(program('postgres'), ['--single', '-D', data, 'postgres'], { ...user, cwd: data, input });
  },
  launch({ data, port }) {
    const settings = {
      listen_addresses: '127.0.0.1',
      unix_socket_directories: '',
      wal_level: 'logical',
      max_connections: 200,
      // Written at each commit, and left to the kernel: it outlives the process, not the machine.
      fsync: 'off',
    };
    const args = Object.entries(settings).flatMap(([name, value]) => ['-c', `${name}=${value}`]);
    return { file: program('postgres'), args: ['-D', data, '-p', `${port}`, ...args], user: owner() };
  },
  ready: ({ port }) =>
    finish(program('pg_isready'), ['-q', '-h', '127.0.0.1', '-p', `${port}`]).then(
      () => true,
      () => false,
    ),
  url: ({ port, secret }) => `postgres://healthsync:${secret}@127.0.0.1:${port}/healthsync_test`,
};
