import { expect } from '@jest/globals';
import type { Call, Transaction } from '#src/source/adapter.js';
import { patient } from './ask.js';
import { failure, outcome, type WriteCase, type WriteSubject } from './write.contract.js';

const pause = (milliseconds: number) => new Promise((resolve) => setTimeout(resolve, milliseconds));

/** Changes in two tables: a new row, another one, and one that goes. */
async function several(subject: WriteSubject, transaction: Transaction): Promise<void> {
  await transaction.insert(subject.people, { id: 'new', name: 'New' });
  await transaction.update(subject.people, ['p1'], {}, { note: 'changed' });
  await transaction.insert(subject.visits, { person: 'new', note: 'changed' });
  await transaction.delete(subject.people, ['p2'], {});
}

/** Nothing is kept, and who comes next does not wait for what is over. */
async function undone(subject: WriteSubject, before: unknown): Promise<void> {
  expect(await subject.everything()).toEqual(before);
  const soon: Call = { signal: new AbortController().signal, deadline: performance.now() + 5_000 };
  expect(await outcome(subject.transaction((one) => several(subject, one), soon))).toBe('made');
  expect(await subject.read('people', 'new')).toBeDefined();
}

/** How transactions end. */
export const endingCases: readonly WriteCase[] = [
  [
    'all changes are kept together, and what the work gave is given',
    async (subject) => {
      const given = await subject.transaction(async (transaction) => {
        await several(subject, transaction);
        expect((await subject.got(transaction, 'people', 'p1'))![3]).toBe('changed');
        expect(await subject.got(transaction, 'people', 'p2')).toBeUndefined();
        return { as: 'it is' };
      });
      expect(given).toEqual({ as: 'it is' });
      const { people, visits } = await subject.everything();
      expect([people.length, visits.length]).toEqual([3, 2]);
      expect((await subject.read('people', 'p1'))![3]).toBe('changed');
    },
  ],
  [
    'nobody sees a change before all are kept',
    async (subject) => {
      const before = await subject.read('people', 'p1');
      await subject.transaction(async (transaction) => {
        await several(subject, transaction);
        expect(await subject.read('people', 'p1')).toEqual(before);
        expect(await subject.read('people', 'new')).toBeUndefined();
        expect(await subject.read('people', 'p2')).toBeDefined();
      });
      expect(await subject.read('people', 'new')).toBeDefined();
    },
  ],
  [
    'nothing is kept when the work throws',
    async (subject) => {
      const before = await subject.everything();
      const thrown = { whatever: 'it throws' };
      const tried = subject.transaction(async (transaction) => {
        await several(subject, transaction);
        throw thrown;
      });
      expect(await failure(tried)).toBe(thrown);
      await undone(subject, before);
    },
  ],
  [
    'nothing is kept when the call is given up',
    async (subject) => {
      const before = await subject.everything();
      for (const when of ['before', 'within', 'last'] as const) {
        const given = new AbortController();
        if (when === 'before') given.abort();
        const tried = subject.transaction(
          async (transaction) => {
            await several(subject, transaction);
            given.abort();
            if (when === 'within') await subject.got(transaction, 'people', 'p1');
          },
          { ...patient(), signal: given.signal },
        );
        expect([when, await failure(tried)]).toMatchObject([when, { name: 'Fault', code: 'cancelled' }]);
      }
      await undone(subject, before);
    },
  ],
  [
    'nothing is kept after the deadline',
    async (subject) => {
      const before = await subject.everything();
      for (const ms of [-1, 400]) {
        const { signal } = patient();
        const tried = subject.transaction(
          async (transaction) => {
            await several(subject, transaction);
            await pause(ms + 100);
          },
          { signal, deadline: performance.now() + ms },
        );
        expect([ms, await failure(tried)]).toMatchObject([ms, { name: 'Fault', code: 'source-timeout' }]);
      }
      await undone(subject, before);
    },
  ],
  [
    'after a change that was refused, all of the others are kept or none',
    async (subject) => {
      const before = await subject.everything();
      let refused = false;
      const made = await outcome(
        subject.transaction(async (transaction) => {
          await transaction.update(subject.people, ['p1'], {}, { note: 'first' });
          await transaction.insert(subject.people, { id: 'p3', name: 'There' }).catch(() => {
            refused = true;
          });
          await transaction.update(subject.people, ['p2'], {}, { note: 'last' });
        }),
      );
      expect(refused).toBe(true);
      const notes = [(await subject.read('people', 'p1'))![3], (await subject.read('people', 'p2'))![3]];
      if (made === 'made') expect(notes).toEqual(['first', 'last']);
      else expect(await subject.everything()).toEqual(before);
    },
  ],
  [
    'a transaction that is over takes no more changes',
    async (subject) => {
      let left: Transaction | undefined;
      await subject.transaction(async (transaction) => {
        left = transaction;
      });
      const before = await subject.everything();
      for (const tried of [
        () => left!.update(subject.people, ['p1'], {}, { note: 'late' }),
        () => left!.insert(subject.people, { id: 'late', name: 'Late' }),
        () => left!.delete(subject.people, ['p1'], {}),
        () => subject.got(left!, 'people', 'p1'),
      ])
        expect(await failure((async () => tried())())).toBeDefined();
      expect(await subject.everything()).toEqual(before);
    },
  ],
  [
    'failures leave nothing behind that others wait for',
    async (subject) => {
      const before = await subject.everything();
      const failing = Array.from({ length: 40 }, (_, i) =>
        outcome(
          subject.transaction(async (transaction) => {
            await transaction.update(subject.people, [`p${(i % 3) + 1}`], {}, { note: `${i}` });
            throw { code: 'mine' };
          }),
        ),
      );
      for (const code of await Promise.all(failing)) expect(['mine', 'source-busy']).toContain(code);
      await undone(subject, before);
    },
  ],
];
