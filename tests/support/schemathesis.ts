import { spawn, spawnSync } from 'node:child_process';
import { existsSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import type { Ended } from './run-healthsync.js';
import { root } from './source-tree.js';

/** https://schemathesis.readthedocs.io asks a server what its OpenAPI document says may be asked, and what it says may not. */
const packages = ['schemathesis==4.32.5', 'openapi-spec-validator==0.9.0'];

const environment = join(root, 'node_modules/.cache/schemathesis');
const bin = (name: string) => join(environment, 'bin', name);

/** Installs the Python packages from PyPI, where they are not there in these versions. Takes half a minute. */
export function installSchemathesis(): void {
  if (existsSync(bin('python'))) {
    const { stdout } = spawnSync(bin('python'), ['-m', 'pip', 'freeze'], { encoding: 'utf8' });
    if (packages.every((each) => stdout?.split('\n').includes(each))) return;
  }
  rmSync(environment, { recursive: true, force: true });
  const steps = [
    ['python3', '-m', 'venv', environment],
    [bin('python'), '-m', 'pip', 'install', '--quiet', '--disable-pip-version-check', ...packages],
  ] as const;
  for (const [command, ...args] of steps) {
    const { status, error, stderr } = spawnSync(command, args, { encoding: 'utf8' });
    if (status !== 0) throw new Error(`${command} ${args.join(' ')}: ${error?.message ?? stderr}`);
  }
}

/** Is the file a valid document of the OpenAPI version that it names? */
export function validateOpenapi(file: string): Promise<Ended> {
  return run('openapi-spec-validator', [file], root);
}

/**
 * Asks the server at `url` what the document in `file` says, the same requests each time, and judges every answer by it: its status,
 * content type, headers and schema; that valid requests are accepted and others are not. `folder`: where it leaves what it finds.
 */
export async function runSchemathesis(
  file: string,
  url: string,
  folder: string,
  options: readonly string[],
): Promise<Ended & { readonly cases: number }> {
  const ended = await run(
    'schemathesis',
    [
      'run',
      file,
      '--url',
      url,
      '--checks=all',
      '--generation-deterministic',
      '--no-color',
      '--warnings=off',
      ...options,
    ],
    folder,
  );
  return { ...ended, cases: Number(/^ {2}(\d+) generated/m.exec(ended.out)?.[1] ?? 0) };
}

function run(command: string, args: readonly string[], cwd: string): Promise<Ended> {
  return new Promise((resolve, reject) => {
    const child = spawn(bin(command), args, { cwd, stdio: ['ignore', 'pipe', 'pipe'] });
    let out = '';
    let err = '';
    child.stdout.on('data', (part) => (out += part));
    child.stderr.on('data', (part) => (err += part));
    child.on('error', reject);
    child.on('close', (code) => resolve({ code, out, err }));
  });
}
