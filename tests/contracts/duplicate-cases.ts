import { expect } from '@jest/globals';
import { openMemory } from '#src/adapters/memory/adapter.js';
import type { Scan } from '#src/source/adapter.js';
import type { Cell, Row } from '#src/source/row.js';
import { type Selection, TRUE } from '#src/source/selection.js';
import { collect, patient } from './ask.js';
import { handedBack } from './handed-back.js';
import type { Case, Subject } from './source.contract.js';
import { columnsOf, fitted, relationOf, type StoredTable } from './store.js';

const keys: readonly Cell[] = ['a', 'b', 'A', 'a', 'c', 'a ', 'b', null, null, 'd', 'a', 'é', 'e\u0301', '', ''];

export const repeating = (indexed: boolean): StoredTable => ({
  name: indexed ? 'repeated' : 'unindexed',
  columns: [
    { name: 'k', type: 'text' },
    { name: 'n', type: 'integer' },
    { name: 'v', type: 'text' },
  ],
  rows: keys.map((k, n) => [k, n, n < 3 ? 'first' : 'later']),
  unique: ['n'],
  indexes: indexed ? [['k']] : [],
});

async function over(
  subject: Subject,
  table: StoredTable,
  run: (scan: (where: Selection) => Scan, adapters: readonly [Subject['adapter'], Subject['adapter']]) => Promise<void>,
) {
  const stored = fitted(subject.store, table);
  const { adapter, close } = await subject.store.open([stored]);
  try {
    const reference = openMemory(await handedBack(subject.store, adapter, [stored]));
    const relation = relationOf(subject.store, stored, ['k']);
    const scan = (where: Selection): Scan => ({ relation, output: columnsOf(stored), where, order: [] });
    await run(scan, [adapter, reference]);
  } finally {
    await close();
  }
}

const sorted = (rows: readonly Row[]): Row[] => [...rows].sort((a, b) => Number(a[1]) - Number(b[1]));
const later: Selection = { op: 'compare', of: { column: 'v', as: 'text' }, test: 'eq', value: 'later' };

export const duplicateCases: readonly Case[] = [true, false].flatMap((indexed): Case[] => {
  const kind = indexed ? 'an indexed key' : 'a key without index';
  return [
    [
      `the first row of ${kind} counts, and says so`,
      async (subject) =>
        over(subject, repeating(indexed), async (scan, [adapter, reference]) => {
          const mine = await collect(adapter.scan(scan(TRUE), patient()));
          const meant = await collect(reference.scan(scan(TRUE), patient()));
          expect(sorted(mine.rows)).toEqual(sorted(meant.rows));
          expect(sorted(mine.repeated)).toEqual(sorted(meant.repeated));
          expect(mine.repeated.length).toBeGreaterThan(1);
          expect(mine.rows.length).toBeLessThan(keys.length);
        }),
    ],
    [
      `a later row of ${kind} never matches`,
      async (subject) =>
        over(subject, repeating(indexed), async (scan, [adapter, reference]) => {
          const narrowed = adapter.narrow(scan(TRUE), [later]);
          const meant = await collect(reference.scan(scan(later), patient()));
          if (narrowed.exact[0]) {
            expect(sorted((await collect(adapter.scan(narrowed.scan, patient()))).rows)).toEqual(sorted(meant.rows));
            if (adapter.capabilities.count)
              expect(await adapter.count(scan(TRUE).relation, later, patient())).toBe(meant.rows.length);
          }
          const { relation, output } = scan(TRUE);
          const found = await adapter.get(relation, output, ['a'], patient());
          // Which row is the first is the store's to say: a graph gives the numbers of nodes that have gone to others.
          expect(found.rows).toEqual((await reference.get(relation, output, ['a'], patient())).rows);
          expect(found.duplicates).toEqual([0]);
          const single = await adapter.get(relation, output, ['c'], patient());
          expect(single.duplicates ?? []).toEqual([]);
        }),
    ],
    [
      `repeated keys of ${kind} are listed`,
      async (subject) =>
        over(subject, repeating(indexed), async (scan, [adapter, reference]) => {
          const relation = scan(TRUE).relation;
          if (relation.kind !== 'table') throw new Error('a table');
          const found = await adapter.duplicateKeys(relation, 10, patient());
          const meant = await reference.duplicateKeys(relation, 10, patient());
          expect([...found].map(String).sort()).toEqual([...meant].map(String).sort());
          expect((await adapter.duplicateKeys(relation, 1, patient())).length).toBe(1);
        }),
    ],
  ];
});
