import { afterAll, afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import type { Adapter, Call, Transaction } from '#src/source/adapter.js';
import type { TableRelation } from '#src/source/relation.js';
import type { Cell, Row } from '#src/source/row.js';
import { patient } from './ask.js';
import { endingCases } from './write-ending-cases.js';
import { raceCases } from './write-race-cases.js';
import { refusalCases } from './write-refusal-cases.js';
import { rowCases } from './write-row-cases.js';
import {
  type OpenedStore,
  outputOf,
  type WriteStore,
  type WrittenTable,
  writtenRelation,
  writtenTables,
} from './write-store.js';

type TableName = 'people' | 'visits' | 'twins';

/** Three tables in the store under test, as they are at the beginning of each case. */
export class WriteSubject {
  readonly adapter: Adapter;
  readonly people: TableRelation;
  readonly visits: TableRelation;
  readonly twins: TableRelation;

  constructor(
    readonly store: WriteStore,
    readonly tables: Readonly<Record<TableName, WrittenTable>>,
    readonly opened: OpenedStore,
  ) {
    this.adapter = opened.adapter;
    this.people = writtenRelation(store, tables.people);
    this.visits = writtenRelation(store, tables.visits);
    this.twins = writtenRelation(store, tables.twins);
  }

  transaction<T>(work: (transaction: Transaction) => Promise<T>, call: Call = patient()): Promise<T> {
    return this.adapter.writing!.transaction(call, work);
  }

  /** The row of a key as its transaction sees it. */
  got(transaction: Transaction, table: TableName, ...key: readonly Cell[]): Promise<Row | undefined> {
    return transaction.get(this[table], outputOf(this.tables[table]), key);
  }

  /** The row of a key as any reader sees it. */
  async read(table: TableName, ...key: readonly Cell[]): Promise<Row | undefined> {
    return (await this.adapter.get(this[table], outputOf(this.tables[table]), key, patient())).rows[0];
  }

  /** All rows of all tables as the database's own driver shows them. */
  async everything(): Promise<Readonly<Record<TableName, readonly unknown[]>>> {
    const { native } = this.opened;
    return { people: await native('people'), visits: await native('visits'), twins: await native('twins') };
  }

  /** A column of the people, as the store declares it. */
  columnOf(name: string): WrittenTable['columns'][number] {
    return this.tables.people.columns.find((column) => column.name === name)!;
  }
}

/** A case: its title, and what must hold; a store leaves one out by title, with the reason. */
export type WriteCase = readonly [title: string, run: (subject: WriteSubject) => Promise<void>];

/** What every writer keeps: `Writing` and `Transaction` of `src/source/adapter.ts`. */
export function writeContract(store: WriteStore): void {
  describe(`write contract: ${store.name}`, () => {
    const tables = writtenTables(store);
    let opened: OpenedStore | undefined;
    let subject: WriteSubject;

    beforeEach(async () => {
      if (opened) await opened.reset!();
      else opened = await store.open(Object.values(tables));
      subject = new WriteSubject(store, tables, opened);
    });
    const close = async () => {
      await opened?.close();
      opened = undefined;
    };
    afterEach(() => (opened?.reset ? undefined : close()));
    afterAll(close);

    const groups: Readonly<Record<string, readonly WriteCase[]>> = {
      rows: rowCases,
      refusals: refusalCases,
      endings: endingCases,
      races: raceCases,
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

/** The Fault that a run fails with; undefined when it does not fail. */
export const failure = (run: Promise<unknown>): Promise<unknown> =>
  run.then(
    () => undefined,
    (error: unknown) => error,
  );

/** The code of the Fault that a run fails with, or `made`. */
export const outcome = (run: Promise<unknown>): Promise<unknown> =>
  run.then(
    () => 'made',
    (error: { code?: unknown }) => error.code ?? error,
  );
