import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from '@jest/globals';
// @ts-expect-error -- the scripts are plain JavaScript
import { leftOut } from '../../../scripts/servers/left-out.mjs';
import { root, sourceFiles } from '../../support/source-tree.js';

const folder = mkdtempSync(join(tmpdir(), 'left-out-'));
afterAll(() => rmSync(folder, { recursive: true }));

/** In two parts, for this file needs no server. */
const variable = (kind: string) => `HEALTHSYNC_TEST_${kind}${'_URL'}`;
function testFile(name: string, text: string): string {
  const path = join(folder, name);
  writeFileSync(path, text);
  return path;
}

test('a test file needs the servers whose variables it names', () => {
  const mysql = testFile('mysql.test.ts', `serverUrl('${variable('MYSQL')}'); process.env.${variable('MYSQL')}`);
  const both = testFile('both.test.ts', `process.env.${variable('MYSQL')} process.env.${variable('MONGODB_2')}`);
  const none = testFile('none.test.ts', 'process.env.HEALTHSYNC_TEST_ALL');
  const files = [mysql, both, none];
  expect(leftOut(files, {})).toEqual([
    [variable('MONGODB_2'), [both]],
    [variable('MYSQL'), [mysql, both]],
  ]);
  expect(leftOut(files, { [variable('MYSQL')]: 'mysql://x', [variable('MONGODB_2')]: '' })).toEqual([
    [variable('MONGODB_2'), [both]],
  ]);
  expect(leftOut(files, { [variable('MYSQL')]: 'a', [variable('MONGODB_2')]: 'b' })).toEqual([]);
});

test('no file hides from a test file that a server is needed', () => {
  const named = /\bHEALTHSYNC_TEST_[A-Z0-9_]+_URL\b/;
  const known = new Set(['MYSQL', 'POSTGRES', 'MONGODB', 'MONGODB_2', 'INFLUXDB', 'NEO4J'].map(variable));
  const files = sourceFiles('tests');
  expect(
    files.filter(({ path, text }) => named.test(text) && !path.endsWith('.test.ts')).map(({ path }) => path),
  ).toEqual([]);
  const unknown = files.flatMap(({ path, text }) =>
    (text.match(new RegExp(named, 'g')) ?? []).filter((each) => !known.has(each)).map((each) => `${path}: ${each}`),
  );
  expect(unknown).toEqual([]);
  expect(readFileSync(join(root, '.ci/run'), 'utf8')).toContain('export HEALTHSYNC_TEST_ALL=1');
});
