import { describe, expect, test } from '@jest/globals';
import { askRows } from './campaign.js';
import { samples } from './rows.js';

const all = await samples();
const casesPerRow = 60;

describe.each(all.map((sample) => [sample.name, sample] as const))('%s', (_, sample) => {
  const { mapping, rows } = sample;

  test('L1: what was read asks for no change', () => {
    const read = rows.flatMap((row) => {
      const resource = mapping.read(row, () => {});
      return resource ? [{ row, resource }] : [];
    });
    expect(read.length).toBeGreaterThan(0);
    for (const { row, resource } of read) {
      const { refused, cells } = mapping.writer!.ask(resource, row);
      expect({ refused, cells }).toEqual({ refused: [], cells: {} });
    }
  });

  test('L2 to L5: what means ill is kept whole, or refused by name', () => {
    const { failures } = askRows([sample], casesPerRow * rows.length, 7);
    expect(failures).toEqual([]);
  });
});
