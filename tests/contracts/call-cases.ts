import { expect } from '@jest/globals';
import type { Call, Scan } from '#src/source/adapter.js';
import { TRUE } from '#src/source/selection.js';
import { collect, column, patient } from './ask.js';
import type { Case, Subject } from './source.contract.js';
import { columnsOf } from './store.js';

const scanOf = (subject: Subject): Scan => ({
  relation: subject.people,
  output: columnsOf(subject.stored.people),
  where: TRUE,
  order: [],
});
const failure = async (run: () => unknown): Promise<unknown> => {
  try {
    await run();
  } catch (error) {
    return error;
  }
  return undefined;
};

const everyCall = (subject: Subject, call: Call): readonly (() => unknown)[] => [
  () => collect(subject.adapter.scan(scanOf(subject), call)),
  async () => subject.adapter.get(subject.people, scanOf(subject).output, ['x'], call),
  () => subject.adapter.count(subject.people, TRUE, call),
  () => subject.adapter.describe(call),
  () => subject.adapter.duplicateKeys(subject.people, 1, call),
];

export const callCases: readonly Case[] = [
  [
    'an aborted call is cancelled',
    async (subject) => {
      const call = { signal: AbortSignal.abort(), deadline: performance.now() + 60_000 };
      for (const run of everyCall(subject, call))
        expect(await failure(run)).toMatchObject({ name: 'Fault', code: 'cancelled' });
    },
  ],
  [
    'a call past its deadline times out',
    async (subject) => {
      const call = { signal: new AbortController().signal, deadline: performance.now() - 1 };
      for (const run of everyCall(subject, call))
        expect(await failure(run)).toMatchObject({ name: 'Fault', code: 'source-timeout' });
    },
  ],
  [
    'a scan that is left early leaves the adapter usable',
    async (subject) => {
      for await (const batch of subject.adapter.scan(scanOf(subject), patient())) {
        expect(batch.rows.length).toBeGreaterThan(0);
        break;
      }
      expect((await collect(subject.adapter.scan(scanOf(subject), patient()))).rows.length).toBe(
        subject.stored.people.rows.length,
      );
    },
  ],
  [
    'scans run side by side without mixing',
    async (subject) => {
      const once = await collect(subject.adapter.scan(scanOf(subject), patient()));
      const many = await Promise.all(
        Array.from({ length: 8 }, () => collect(subject.adapter.scan(scanOf(subject), patient()))),
      );
      for (const one of many) expect(one).toEqual(once);
    },
  ],
  [
    'a missing table is named',
    async (subject) => {
      const relation = { ...subject.people, name: 'no_such_table' };
      const error = await failure(() => collect(subject.adapter.scan({ ...scanOf(subject), relation }, patient())));
      expect(error).toMatchObject({
        name: 'Fault',
        code: 'source-schema',
        message: expect.stringContaining('no_such_table'),
      });
    },
  ],
  [
    'a missing column is named, wherever it is used',
    async (subject) => {
      const columns = { ...subject.people.columns, no_such: { name: 'no_such', path: ['no_such_column'] } };
      const relation = { ...subject.people, columns };
      const of = { column: 'no_such', as: 'text' } as const;
      const base = { ...scanOf(subject), relation };
      const scans: Scan[] = [
        { ...base, output: [column('no_such')] },
        { ...base, where: { op: 'present', of } },
        {
          ...base,
          order: [
            { of, direction: 'asc' },
            { of: { column: 'id', as: 'raw' }, direction: 'asc' },
          ],
        },
      ];
      for (const scan of scans) {
        expect(await failure(() => collect(subject.adapter.scan(scan, patient())))).toMatchObject({
          name: 'Fault',
          code: 'source-schema',
          message: expect.stringContaining('no_such_column'),
        });
      }
      expect((await collect(subject.adapter.scan(base, patient()))).rows.length).toBe(
        subject.stored.people.rows.length,
      );
    },
  ],
  [
    'describe names tables and columns',
    async (subject) => {
      const tables = await subject.adapter.describe(patient());
      const live = tables.find(({ name }) => name === 'people');
      const wanted = subject.stored.people.columns.map(({ name }) => subject.people.columns[name]!.path[0]!);
      expect(live!.columns.map(({ name }) => name)).toEqual(expect.arrayContaining([...new Set(wanted)]));
    },
  ],
  [
    'explain binds values and never writes them into the text',
    async (subject) => {
      const value = "O'Brien; DROP";
      const where = { op: 'compare', of: { column: 'name', as: 'text' }, test: 'eq', value } as const;
      const { scan } = subject.adapter.narrow(scanOf(subject), [where]);
      const queries = await subject.adapter.explain(scan);
      expect(queries.length).toBeGreaterThan(0);
      for (const query of queries) expect(query.text).not.toContain('DROP');
    },
  ],
];
