import { expect, test } from '@jest/globals';
import { writtenFiles } from './prove.js';

test('L1 to L5 hold through SQLite, CSV and JSON files', async () => {
  const { failures, outcomes } = await writtenFiles(200, 5);
  expect(failures).toEqual([]);
  expect(outcomes['his-a 200']).toBeGreaterThan(5);
}, 300_000);
