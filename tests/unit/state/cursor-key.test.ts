import { randomBytes } from 'node:crypto';
import { mkdtempSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from '@jest/globals';
import { cursorKey } from '#src/state/cursor-key.js';

const folder = () => join(mkdtempSync(join(tmpdir(), 'healthsync-state-')), 'a/b');

test('the key is made once, for its owner alone, and is the same after a restart', () => {
  const at = folder();
  const key = cursorKey(at, randomBytes);
  expect(key).toHaveLength(32);
  expect(cursorKey(at, randomBytes)).toEqual(key);
  expect(statSync(join(at, 'cursor.key')).mode & 0o777).toBe(0o600);
  expect(cursorKey(folder(), randomBytes)).not.toEqual(key);
});

test('a file that is no key is not used', () => {
  const at = folder();
  cursorKey(at, randomBytes);
  writeFileSync(join(at, 'cursor.key'), 'short');
  expect(() => cursorKey(at, randomBytes)).toThrow(/not a key of 32 bytes/);
});

test('a folder that cannot be made is named', () => {
  const at = folder();
  cursorKey(at, randomBytes);
  expect(() => cursorKey(join(at, 'cursor.key'), randomBytes)).toThrow(/server\.stateFolder/);
});
