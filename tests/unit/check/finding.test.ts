import { readFileSync } from 'node:fs';
import { expect, test } from '@jest/globals';
import { findingKinds } from '#src/check/finding.js';

test('docs/check.md says of every kind of finding what it means', () => {
  const text = readFileSync(new URL('../../../docs/check.md', import.meta.url), 'utf8');
  expect([...text.matchAll(/^\| `([a-z-]+)`/gm)].map(([, kind]) => kind)).toEqual([...findingKinds]);
});
