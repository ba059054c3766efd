import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, test } from '@jest/globals';
import { commands } from '#src/commands/table.js';

const main = fileURLToPath(new URL('../../../dist/src/main.js', import.meta.url));

function healthsync(...args: string[]) {
  const { status, stdout, stderr } = spawnSync(process.execPath, [main, ...args], { encoding: 'utf8' });
  return { status, stdout, stderr };
}

test('--help names every command, and each command its options', () => {
  const { status, stdout } = healthsync('--help');
  expect(status).toBe(0);
  for (const { usage, summary } of Object.values(commands))
    expect(stdout.replace(/ +/g, ' ')).toContain(`healthsync ${usage} ${summary}`);
  for (const { usage, options } of Object.values(commands))
    expect(Object.keys(options).filter((name) => !usage.includes(`--${name}`))).toEqual([]);
  expect(healthsync('serve', '--help')).toMatchObject({
    status: 0,
    stdout: expect.stringContaining('serve [--config FILE]'),
  });
});

/** [command line, exit code, what is said] */
const refused: readonly (readonly [args: string, status: number, word: RegExp])[] = [
  ['', 2, /Which command\?/],
  ['swerve', 2, /There is no command swerve/],
  ['toString', 2, /There is no command toString/],
  ['serve --prot 1', 2, /Unknown option '--prot'/],
  ['serve --port', 2, /--port/],
  ['serve --port x', 2, /--port is a whole number from 0 to 65535/],
  ['serve --port 65536', 2, /--port is a whole number/],
  ['serve now', 2, /Unexpected argument/],
  ['explain', 2, /It takes 1 argument/],
  ['generate --patients 0', 2, /--patients is a whole number from 1/],
  ['generate --demo some', 2, /--demo is embedded or all/],
  ['serve --demo some', 2, /--demo is embedded or all/],
  ['serve --demo all --config x.yaml', 2, /a configuration or a demo, not both/],
  ['serve --config nowhere.yaml', 1, /nowhere\.yaml cannot be read/],
];

test.each(refused)('healthsync %s ends with %i and a word', (args, status, word) => {
  const ended = healthsync(...args.split(' ').filter((arg) => arg !== ''));
  expect(ended.status).toBe(status);
  expect(ended.stderr).toMatch(word);
  expect(ended.stderr).not.toMatch(/^ +at /m);
});

test('generate writes the same bytes for the same seed', () => {
  const write = (seed: string) => {
    const out = mkdtempSync(join(tmpdir(), 'healthsync-generate-'));
    const { status, stdout } = healthsync('generate', '--seed', seed, '--patients', '20', '--out', out);
    expect([status, stdout]).toEqual([0, expect.stringContaining(join(out, 'truth.ndjson'))]);
    return readFileSync(join(out, 'truth.ndjson'), 'utf8');
  };
  const first = write('7');
  expect(write('7')).toBe(first);
  expect(write('8')).not.toBe(first);
});
