import { spawn } from 'node:child_process';
import { accessSync, constants, mkdirSync, readdirSync } from 'node:fs';
import { homedir, userInfo } from 'node:os';
import { delimiter, join } from 'node:path';

/** Where downloads and builds are kept from one run to the next. */
export function cacheFolder(...parts) {
  const folder = join(process.env.XDG_CACHE_HOME || join(homedir(), '.cache'), 'healthsync-services', ...parts);
  mkdirSync(folder, { recursive: true });
  return folder;
}

export function isExecutable(path) {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}

/** A program on the path or where Debian puts servers, undefined when there is none. */
export function program(name) {
  const folders = [...(process.env.PATH ?? '').split(delimiter), ...debianFolders(), join(homedir(), '.cargo', 'bin')];
  return folders.map((folder) => join(folder, name)).find(isExecutable);
}

function debianFolders() {
  const postgres = '/usr/lib/postgresql';
  let versions = [];
  try {
    versions = readdirSync(postgres).sort((a, b) => Number(b) - Number(a));
  } catch {
    // Not installed yet.
  }
  return ['/usr/sbin', '/usr/bin', ...versions.map((version) => join(postgres, version, 'bin'))];
}

/** Runs a program to its end, without a terminal. Resolves to what it printed; fails with the end of what it said. */
export function finish(file, args, { input, ...options } = {}) {
  return new Promise((resolve, reject) => {
    const child = spawn(file, args, { ...options, stdio: ['pipe', 'pipe', 'pipe'] });
    let printed = '';
    let said = '';
    child.stdout.on('data', (chunk) => {
      printed += chunk;
      said = (said + chunk).slice(-4000);
    });
    child.stderr.on('data', (chunk) => {
      said = (said + chunk).slice(-4000);
    });
    child.stdin.on('error', () => {});
    child.stdin.end(input ?? '');
    child.on('error', reject);
    child.on('close', (code) =>
      code === 0 ? resolve(printed) : reject(new Error(`${file} ${args[0] ?? ''} ended with ${code}:\n${said}`)),
    );
  });
}

/** Installs Debian packages, all at once: apt holds one lock. */
export async function installPackages(packages) {
  const wanted = [...new Set(packages)];
  if (wanted.length === 0) return;
  process.stderr.write(`services: apt-get install ${wanted.join(' ')}\n`);
  const asRoot = userInfo().uid === 0 ? [] : ['sudo'];
  const apt = (...args) => {
    const [file, ...rest] = [...asRoot, 'env', 'DEBIAN_FRONTEND=noninteractive', 'apt-get', '-qq', ...args];
    return finish(file, rest);
  };
  await apt('update');
  await apt('install', '-y', '--no-install-recommends', ...wanted);
}
