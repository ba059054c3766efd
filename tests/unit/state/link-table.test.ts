import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { createLinks, type LinkEnd } from '#src/identity/links.js';
import { stateDatabase } from '#src/state/database.js';
import { type Link, linkTable } from '#src/state/link-table.js';

/** Ids of two sources, and names of a key space. */
const end = (number: number): LinkEnd =>
  number < 8
    ? { type: 'Patient', space: '', key: `${number % 2 ? 'a' : 'b'}.${number}` }
    : { type: 'Patient', space: 'urn:names', key: `Name ${number}` };

const step = fc.record({
  add: fc.boolean(),
  links: fc.array(fc.tuple(fc.integer({ min: 0, max: 11 }), fc.integer({ min: 0, max: 11 })), { maxLength: 6 }),
});

/** Whatever can be reached by links. */
function reached(from: number, links: ReadonlySet<string>): readonly number[] {
  const found = [from];
  for (const one of found)
    for (const link of links) {
      const [a, b] = link.split('-').map(Number) as [number, number];
      for (const [here, there] of [
        [a, b],
        [b, a],
      ] as const)
        if (here === one && !found.includes(there)) found.push(there);
    }
  return found;
}

test('a group is what links reach, in whatever order they come and go', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'healthsync-links-'));
  const state = stateDatabase(folder);
  const other = stateDatabase(folder);
  const table = linkTable(state);
  // Another process reads.
  const links = createLinks(linkTable(other));
  await fc.assert(
    fc.asyncProperty(fc.array(step, { maxLength: 8 }), async (steps) => {
      state
        .open()
        .exec(
          'DELETE FROM links; DELETE FROM link_ends; DELETE FROM link_sources; UPDATE links_changed SET changed = changed + 1',
        );
      const held = new Set<string>();
      for (const { add, links: some } of steps) {
        const written = some.filter(([a, b]) => a !== b);
        const before = held.size;
        for (const [a, b] of written) {
          const name = `${Math.min(a, b)}-${Math.max(a, b)}`;
          if (add) held.add(name);
          else held.delete(name);
        }
        const meant = written.map(([a, b]): Link => [end(a), end(b)]);
        expect(add ? table.add(meant) : table.remove(meant)).toBe(Math.abs(held.size - before));
        // In one turn nothing changes.
        await Promise.resolve();
        for (let number = 0; number < 12; number++) {
          const group = reached(number, held).map(end);
          const ids = group.flatMap(({ space, key }) => (space === '' ? [key] : [])).sort();
          const names = group.filter(({ space }) => space !== '').map(({ key }) => key);
          const { key, space } = end(number);
          if (space === '') {
            expect([...links.idsOf('Patient', key)].sort()).toEqual(ids);
            expect(links.idsOf('Patient', key)[0]).toBe(key);
            expect(links.spacesOf('Patient', key).get('urn:names') ?? 0).toBe(names.length);
            expect([...links.keysFor('Patient', 'urn:names', key)].sort()).toEqual(ids[0] === key ? names.sort() : []);
            expect(links.keysFor('Patient', 'urn:others', key)).toEqual([]);
          } else expect(links.idFor('Patient', space, key)).toBe(ids[0]);
          expect(links.idsOf('Practitioner', key)).toEqual([key]);
        }
        const linked = [...Array(8).keys()].filter((one) => reached(one, held).filter((each) => each < 8).length > 1);
        expect([...links.sourcesOf('Patient')].sort()).toEqual(
          [...new Set(linked.map((one) => end(one).key[0]))].sort(),
        );
      }
    }),
    { numRuns: 300 },
  );
  state.close();
  other.close();
  rmSync(folder, { recursive: true, force: true });
}, 60_000);
