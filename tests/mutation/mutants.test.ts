import { execFile } from 'node:child_process';
import { cpSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { type Mutant, mutants } from './mutants.js';

const root = new URL('../../', import.meta.url).pathname;
/** What a build needs to be tried: modules find their package by where they lie, so these are copies. */
const copied = ['package.json', 'dist', 'mappings', 'scripts', 'tests/oracle', 'tests/property', 'tests/mutation'];
const linked = ['node_modules', 'profiles'];

let folder: string;

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'healthsync-mutants-'));
  for (const name of copied) cpSync(join(root, name), join(folder, name), { recursive: true });
  for (const name of linked) symlinkSync(join(root, name), join(folder, name));
});

afterAll(() => rmSync(folder, { recursive: true, force: true }));

function attempt(): Promise<{ readonly agrees: boolean; readonly said: string }> {
  const args = ['--import', './scripts/typescript.mjs', 'tests/mutation/attempt.ts'];
  return new Promise((resolve) => {
    execFile(
      process.execPath,
      args,
      { cwd: folder, timeout: 60_000, env: { ...process.env, NODE_OPTIONS: '' } },
      (error, stdout, stderr) => {
        resolve({ agrees: error === null, said: `${stdout}${stderr}` });
      },
    );
  });
}

async function mutated<T>({ file, find, put }: Mutant, run: () => Promise<T>): Promise<T> {
  const path = join(folder, 'dist/src', file);
  const text = readFileSync(path, 'utf8');
  expect(text.split(find)).toHaveLength(2);
  writeFileSync(
    path,
    text.replace(find, () => put),
  );
  try {
    return await run();
  } finally {
    writeFileSync(path, text);
  }
}

test('the build itself is right', async () => {
  expect(await attempt()).toEqual({ agrees: true, said: '' });
}, 90_000);

test.each(mutants)(
  '$name: noticed',
  async (mutant) => {
    const { agrees, said } = await mutated(mutant, attempt);
    expect(agrees).toBe(false);
    // What it notices is an answer, not a build that no longer runs.
    expect(said).not.toMatch(/SyntaxError|ReferenceError|ERR_MODULE/);
  },
  90_000,
);
