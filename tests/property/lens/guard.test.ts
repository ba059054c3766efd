import { expect, test } from '@jest/globals';
import { Random } from '#demo/random.js';
import { adversarial } from './adversary.js';
import { changed, missing } from './laws.js';
import { samples } from './rows.js';

/**
 * The guard reads a row again and compares. Without it, some of what the template takes apart without a residue would come back as
 * something else: the guard finds each of these, and nothing that is sound.
 */
test('without the guard, what is accepted would come back as something else', async () => {
  const random = new Random(3, 0, 0);
  let silent = 0;
  for (const { mapping, rows } of await samples())
    for (const row of rows) {
      const resource = mapping.read(row, () => {});
      for (let n = 0; resource && n < 80; n++) {
        const sent = adversarial(resource, random);
        const asked = mapping.writer!.ask(sent, row);
        if (asked.refused.length > 0) continue;
        const after = changed(mapping, row, asked.cells);
        const found = mapping.read(after, () => {});
        const lost = found ? missing(sent, found) : ['everything'];
        if (lost.length === 0) continue;
        silent++;
        expect(mapping.writer!.differences(asked, found, after)).not.toEqual([]);
      }
    }
  expect(silent).toBeGreaterThan(10);
});
