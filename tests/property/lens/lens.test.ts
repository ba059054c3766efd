import { describe, expect, test } from '@jest/globals';
import { Random } from '#demo/random.js';
import { adversarial } from './adversary.js';
import { held } from './laws.js';
import { samples } from './rows.js';

const all = await samples();
const casesPerRow = 60;

describe.each(all.map((sample) => [sample.name, sample] as const))('%s', (_, { mapping, rows }) => {
  const read = rows.flatMap((row) => {
    const resource = mapping.read(row, () => {});
    return resource ? [{ row, resource }] : [];
  });

  test('L1: what was read asks for no change', () => {
    expect(read.length).toBeGreaterThan(0);
    for (const { row, resource } of read) {
      const { refused, cells } = mapping.writer!.ask(resource, row);
      expect({ refused, cells }).toEqual({ refused: [], cells: {} });
    }
  });

  test('L2 to L5: what means ill is kept whole, or refused by name', () => {
    const random = new Random(7, 0, 0);
    for (const { row, resource } of read)
      for (let n = 0; n < casesPerRow; n++) {
        const asked = adversarial(resource, random);
        expect(() => held(mapping, row, asked)).not.toThrow();
      }
  });
});
