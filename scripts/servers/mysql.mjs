/** A MySQL of the machine, or MariaDB. Its user may create and drop databases and users, and see and end any statement. */
import { mkdirSync, writeFileSync } from 'node:fs';
import { userInfo } from 'node:os';
import { join } from 'node:path';
import { finish, program } from './install.mjs';
import { answers } from './ports.mjs';

const server = () => program('mysqld') ?? program('mariadbd');
const isRoot = userInfo().uid === 0;
const asRoot = isRoot ? ['--user=root'] : [];
let mariadb = true;

export const mysql = {
  stopSignal: 'SIGKILL',
  packages: () => (server() ? [] : ['mariadb-server']),
  async install() {
    mariadb = /mariadb/i.test(await finish(server(), ['--version']));
  },
  async prepare({ data }) {
    if (mariadb) {
      // No account without a password: root comes in by the socket alone.
      const plain = ['--auth-root-authentication-method=socket', '--skip-test-db'];
      await finish(program('mariadb-install-db'), ['--no-defaults', `--datadir=${data}`, ...plain, ...asRoot]);
    } else {
      await finish(server(), ['--no-defaults', '--initialize-insecure', `--datadir=${data}`, ...asRoot]);
    }
  },
  launch({ data, port, secret }) {
    const beside = `${data}-run`;
    mkdirSync(beside, { recursive: true, mode: 0o700 });
    const first = join(beside, 'first.sql');
    // Each statement is one line, for the server reads it so.
    const statements = [
      ...(mariadb ? [] : [`ALTER USER 'root'@'localhost' IDENTIFIED BY '${secret}'`]),
      `CREATE USER IF NOT EXISTS 'healthsync'@'%' IDENTIFIED BY '${secret}'`,
      `GRANT ALL ON *.* TO 'healthsync'@'%' WITH GRANT OPTION`,
      'CREATE DATABASE IF NOT EXISTS healthsync_test',
    ];
    writeFileSync(first, statements.map((each) => `${each};\n`).join(''), { mode: 0o600 });
    return {
      file: server(),
      args: [
        '--no-defaults',
        ...asRoot,
        `--datadir=${data}`,
        `--port=${port}`,
        '--bind-address=127.0.0.1',
        `--socket=${join(beside, 's')}`,
        `--pid-file=${join(beside, 'pid')}`,
        `--init-file=${first}`,
        '--skip-name-resolve',
        '--character-set-server=utf8mb4',
        '--max-connections=300',
        // Written at each commit, and left to the kernel: it outlives the process, not the machine.
        '--innodb-flush-log-at-trx-commit=2',
        ...(mariadb ? [] : ['--mysqlx=OFF', '--skip-log-bin']),
      ],
    };
  },
  ready: ({ port }) => answers(port, '127.0.0.1', { speaks: true }),
  url: ({ port, secret }) => `mysql://healthsync:${secret}@127.0.0.1:${port}/healthsync_test`,
};
