/**
 * Builds, checks and tests, and ends with the line `N passed, N failed`, which counts tests; a build, a lint or a test file
 * that does not get as far as its tests counts as one failed. Arguments go to Jest: `npm test -- tests/http`.
 * Test files whose server the environment does not name are left out, which is said; with HEALTHSYNC_TEST_ALL=1 each such
 * server counts as one failed.
 */
import { spawnSync } from 'node:child_process';
import { chmodSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, relative } from 'node:path';
import { leftOut } from './servers/left-out.mjs';

const root = new URL('..', import.meta.url).pathname;
const scratch = mkdtempSync(join(tmpdir(), 'healthsync-test-'));
// PostgreSQL does not run as root: where a test starts one, its own user passes through to its data.
chmodSync(scratch, 0o711);
const report = join(scratch, 'report.json');
const bin = (name) => join(root, 'node_modules', '.bin', name);

/** Whatever a test writes, it writes below this folder, which goes when all is done. */
const environment = { ...process.env, TMPDIR: scratch, NODE_OPTIONS: '--experimental-vm-modules --no-warnings' };

function run(command, args) {
  const { status, error } = spawnSync(command, args, {
    cwd: root,
    env: environment,
    stdio: ['ignore', 'inherit', 'inherit'],
  });
  if (error) process.stderr.write(`${command}: ${error.message}\n`);
  return status === 0;
}

const checks = [
  [bin('tsc'), ['-p', 'tsconfig.json']],
  [bin('biome'), ['check', '.']],
  [bin('tsc'), ['-p', 'tests/tsconfig.json']],
  [bin('tsc'), ['-p', 'mappings/tsconfig.json']],
];

function counts(ended) {
  try {
    const { numPassedTests, numFailedTests, numRuntimeErrorTestSuites } = JSON.parse(readFileSync(report, 'utf8'));
    const failed = numFailedTests + numRuntimeErrorTestSuites;
    return { passed: numPassedTests, failed: failed === 0 && !ended ? 1 : failed };
  } catch {
    return { passed: 0, failed: 1 };
  }
}

let unchecked = 0;
for (const [command, args] of checks) if (!run(command, args)) unchecked++;
const cache = join(root, 'node_modules', '.cache', 'jest');
const asked = process.argv.slice(2);
const listed = spawnSync(bin('jest'), ['--listTests', '--json', ...asked], {
  cwd: root,
  env: environment,
  encoding: 'utf8',
});
const wanting = listed.status === 0 ? leftOut(JSON.parse(listed.stdout), process.env) : [];
const without = new Set(wanting.flatMap(([, files]) => files));
const ended = run(bin('jest'), [
  ...[...without].map((file) => `--testPathIgnorePatterns=^${file.replace(/[.*+?^${}()|[\]\\]/g, '\\$&')}$`),
  '--json',
  `--outputFile=${report}`,
  '--maxWorkers=2',
  `--cacheDirectory=${cache}`,
  ...asked,
]);
const { passed, failed } = counts(ended);
rmSync(scratch, { recursive: true, force: true });
const required = process.env.HEALTHSYNC_TEST_ALL === '1';
for (const [variable, files] of wanting) {
  process.stdout.write(
    `${required ? 'FAILED' : 'left out'}, for ${variable} is not set: ${files.map((file) => relative(root, file)).join(', ')}\n`,
  );
  if (required) unchecked++;
}
if (wanting.length > 0) process.stdout.write('with all servers: scripts/services run npm test\n');
process.stdout.write(`${passed} passed, ${failed + unchecked} failed\n`);
process.exitCode = failed + unchecked === 0 && passed > 0 ? 0 : 1;
