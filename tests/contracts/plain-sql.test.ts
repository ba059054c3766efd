import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from '@jest/globals';
import { openPlainSql } from '../fixtures/plain-sql/adapter.js';
import { serverUrl } from '../support/server-url.js';
import { root } from '../support/source-tree.js';
import { postgresStore } from './postgres-store.js';
import { sourceContract } from './source.contract.js';

const url = serverUrl('HEALTHSYNC_TEST_POSTGRES_URL');
test('a vendor of SQL servers costs less than 150 lines', () => {
  const folder = join(root, 'tests/fixtures/plain-sql');
  const texts = readdirSync(folder).map((file) => readFileSync(join(folder, file), 'utf8'));
  const lines = texts.flatMap((text) => text.trimEnd().split('\n'));
  expect(lines.length).toBeLessThan(150);
  expect(Math.max(...lines.map((line) => line.length))).toBeLessThanOrEqual(160);
  // Nothing of another vendor's.
  const imports = lines.flatMap((line) => / from '([^']+)'/.exec(line)?.[1] ?? []);
  expect(imports.filter((from) => !/^(#src\/(source|adapters\/sql)\/|\.\/|node:net$|pg$)/.test(from))).toEqual([]);
});

sourceContract(postgresStore({ name: 'plain SQL', url, open: openPlainSql, collation: '' }));
