import { expect } from '@jest/globals';
import type { Call } from '#src/source/adapter.js';
import { patient } from './ask.js';
import { outcome, type WriteCase, type WriteSubject } from './write.contract.js';
import { fittedCell } from './write-store.js';

const bigAt = (subject: WriteSubject) => subject.tables.people.columns.findIndex(({ name }) => name === 'big');
const within = (milliseconds: number): Call => ({ ...patient(), deadline: performance.now() + milliseconds });
const bigOf = async (subject: WriteSubject) => Number((await subject.read('people', 'p3'))![bigAt(subject)]);

/** Cells of a column that may be a text in the store. */
const big = (subject: WriteSubject, value: number) => fittedCell(subject.columnOf('big').type, value);

/** Several writers at once. */
export const raceCases: readonly WriteCase[] = [
  [
    'of several who add to a number, none is lost',
    async (subject) => {
      const add = () =>
        subject.transaction(async (transaction) => {
          const row = (await subject.got(transaction, 'people', 'p3'))!;
          const held = row[bigAt(subject)]!;
          await new Promise((resolve) => setTimeout(resolve, 5));
          const next = big(subject, Number(held) + 1);
          if (!(await transaction.update(subject.people, ['p3'], { big: held }, { big: next })))
            throw { code: 'conflict' };
        });
      const ends = await Promise.all(Array.from({ length: 8 }, () => outcome(add())));
      for (const end of ends) expect(['made', 'conflict', 'source-busy']).toContain(end);
      const made = ends.filter((end) => end === 'made').length;
      expect(made).toBeGreaterThan(0);
      expect(await bigOf(subject)).toBe(made);
    },
  ],
  [
    'of several who count on the same, exactly one wins',
    async (subject) => {
      const held = (await subject.read('people', 'p3'))![bigAt(subject)]!;
      const put = (value: number) =>
        subject.transaction((one) => one.update(subject.people, ['p3'], { big: held }, { big: big(subject, value) }));
      const ends = await Promise.all(
        Array.from({ length: 6 }, (_, i) =>
          put(100 + i).catch((error: { code?: unknown }) => {
            expect(error.code).toBe('source-busy');
            return false;
          }),
        ),
      );
      expect(ends.filter(Boolean)).toEqual([true]);
      expect(await bigOf(subject)).toBe(100 + ends.indexOf(true));
    },
  ],
  [
    'of several who add a row of one key, exactly one wins',
    async (subject) => {
      const ends = await Promise.all(
        Array.from({ length: 6 }, (_, i) =>
          outcome(subject.transaction((one) => one.insert(subject.people, { id: 'new', name: `Writer ${i}` }))),
        ),
      );
      expect(ends.filter((end) => end === 'made')).toHaveLength(1);
      for (const end of ends) expect(['made', 'duplicate', 'source-busy']).toContain(end);
      expect((await subject.read('people', 'new'))![1]).toBe(`Writer ${ends.indexOf('made')}`);
    },
  ],
  [
    'new rows and other rows are written side by side',
    async (subject) => {
      const add = (i: number) =>
        subject.transaction(async (transaction) => {
          expect(await subject.got(transaction, 'people', `n${i}`)).toBeUndefined();
          await transaction.insert(subject.people, { id: `n${i}`, name: `New ${i}` });
          await transaction.insert(subject.visits, { person: `n${i}` });
          expect(await subject.got(transaction, 'people', `n${i}`)).toBeDefined();
        });
      const ends = await Promise.all(Array.from({ length: 12 }, (_, i) => outcome(add(i))));
      expect(ends).toEqual(ends.map(() => 'made'));
      const { people, visits } = await subject.everything();
      expect([people.length, visits.length]).toEqual([15, 13]);
    },
  ],
  [
    'a row that was got stays as it is until the end, and who wants it waits no longer than its deadline',
    async (subject) => {
      const other = await subject.transaction(async (transaction) => {
        const row = await subject.got(transaction, 'people', 'p3');
        await transaction.update(subject.people, ['p3'], {}, { note: 'mine' });
        const change = outcome(
          subject.transaction(async (one) => {
            await subject.got(one, 'people', 'p3');
            if (!(await one.update(subject.people, ['p3'], {}, { note: 'theirs' }))) throw { code: 'conflict' };
          }, within(500)),
        );
        const end = await change;
        expect((await subject.got(transaction, 'people', 'p3'))!.toSpliced(3, 1)).toEqual(row!.toSpliced(3, 1));
        expect((await subject.got(transaction, 'people', 'p3'))![3]).toBe('mine');
        return end;
      });
      expect(['source-timeout', 'source-busy', 'conflict']).toContain(other);
      expect((await subject.read('people', 'p3'))![3]).toBe('mine');
      expect(await subject.transaction((one) => one.update(subject.people, ['p3'], {}, { note: 'last' }))).toBe(true);
    },
  ],
  [
    'two who want the rows of each other: at least one is served, and none is half',
    async (subject) => {
      const both = (first: string, second: string, note: string) =>
        subject.transaction(async (transaction) => {
          for (const id of [first, second]) {
            await subject.got(transaction, 'people', id);
            if (!(await transaction.update(subject.people, [id], {}, { note }))) throw { code: 'conflict' };
            await new Promise((resolve) => setTimeout(resolve, 20));
          }
        }, within(8_000));
      const ends = await Promise.all([outcome(both('p1', 'p3', 'a')), outcome(both('p3', 'p1', 'b'))]);
      for (const end of ends) expect(['made', 'conflict', 'source-busy']).toContain(end);
      expect(ends).toContain('made');
      const notes = [(await subject.read('people', 'p1'))![3], (await subject.read('people', 'p3'))![3]];
      expect(notes[0]).toBe(notes[1]);
    },
  ],
];
