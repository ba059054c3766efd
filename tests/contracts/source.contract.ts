import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { openMemory } from '#src/adapters/memory/adapter.js';
import type { Adapter } from '#src/source/adapter.js';
import type { TableRelation } from '#src/source/relation.js';
import type { Tables } from './ask.js';
import { callCases } from './call-cases.js';
import { duplicateCases } from './duplicate-cases.js';
import { handedBack } from './handed-back.js';
import { orderCases } from './order-cases.js';
import { predicateCases } from './predicate-cases.js';
import { propertyCases } from './property-cases.js';
import { relationCases } from './relation-cases.js';
import { fitted, people, relationOf, type Store, type StoredTable, visits } from './store.js';

/** Two tables in the store under test, and the same rows, as the store hands them back, in the reference. */
export interface Subject {
  readonly store: Store;
  readonly adapter: Adapter;
  readonly reference: Adapter;
  readonly tables: Tables;
  readonly people: TableRelation;
  readonly visits: TableRelation;
  readonly stored: Readonly<Record<'people' | 'visits', StoredTable>>;
}

/** A case: its title, and what must hold; a store leaves one out by title, with the reason. */
export type Case = readonly [title: string, run: (subject: Subject) => Promise<void>];

/** What every adapter keeps: `src/source/adapter.ts`, compared with the memory adapter over the rows that the store itself hands back. */
export function sourceContract(store: Store): void {
  describe(`source contract: ${store.name}`, () => {
    let subject: Subject;
    let close: () => Promise<void> = async () => {};

    beforeAll(async () => {
      const stored = { people: fitted(store, people()), visits: fitted(store, visits()) };
      const opened = await store.open([stored.people, stored.visits]);
      close = opened.close;
      const tables = await handedBack(store, opened.adapter, [stored.people, stored.visits]);
      subject = {
        store,
        adapter: opened.adapter,
        reference: openMemory(tables),
        tables,
        people: relationOf(store, stored.people),
        visits: relationOf(store, stored.visits),
        stored,
      };
    });
    afterAll(() => close());

    const groups: Readonly<Record<string, readonly Case[]>> = {
      predicates: predicateCases,
      orders: orderCases,
      relations: relationCases,
      duplicates: duplicateCases,
      calls: callCases,
      properties: propertyCases,
    };
    for (const [group, cases] of Object.entries(groups)) {
      describe(group, () => {
        for (const [title, run] of cases) {
          const reason = store.omits?.[title];
          if (reason === undefined) test(title, () => run(subject));
          else test(`not here: ${title} (${reason})`, () => expect((async () => run(subject))()).rejects.toBeDefined());
        }
      });
    }
    test('every omitted case exists', () => {
      const titles = new Set(Object.values(groups).flatMap((cases) => cases.map(([title]) => title)));
      for (const title of Object.keys(store.omits ?? {})) if (!titles.has(title)) throw new Error(`No case ${title}`);
    });
  });
}
