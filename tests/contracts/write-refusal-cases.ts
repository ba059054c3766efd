import { expect } from '@jest/globals';
import type { Transaction } from '#src/source/adapter.js';
import { failure, type WriteCase, type WriteSubject } from './write.contract.js';

/** The source refuses it with that code, says nothing of its values, keeps nothing, and goes on. */
async function refused(
  subject: WriteSubject,
  code: string,
  work: (transaction: Transaction) => Promise<unknown>,
): Promise<void> {
  const before = await subject.everything();
  const tried = subject.transaction(async (transaction) => {
    await transaction.update(subject.people, ['p3'], {}, { note: 'before it' });
    await work(transaction);
  });
  const fault = (await failure(tried)) as Error;
  expect(fault).toMatchObject({ name: 'Fault', code });
  expect(fault.message).not.toMatch(/secret|ann|people|nick|INSERT|UPDATE/i);
  expect(await subject.everything()).toEqual(before);
  expect(await subject.transaction((one) => one.update(subject.people, ['p3'], {}, { note: 'after it' }))).toBe(true);
  expect((await subject.read('people', 'p3'))![3]).toBe('after it');
}

/** What the source's own rules refuse. */
export const refusalCases: readonly WriteCase[] = [
  [
    'a second row of a key is a duplicate',
    (subject) => refused(subject, 'duplicate', (one) => one.insert(subject.people, { id: 'p1', name: 'secret' })),
  ],
  [
    'a second row of a unique value is a duplicate',
    async (subject) => {
      await refused(subject, 'duplicate', (one) =>
        one.insert(subject.people, { id: 'new', name: 'secret', nick: 'ann' }),
      );
      await refused(subject, 'duplicate', (one) => one.update(subject.people, ['p2'], {}, { nick: 'ann' }));
    },
  ],
  [
    'a column that is never null is not made so',
    async (subject) => {
      await refused(subject, 'constraint', (one) => one.insert(subject.people, { id: 'new', note: 'secret' }));
      await refused(subject, 'constraint', (one) => one.update(subject.people, ['p1'], {}, { name: null }));
    },
  ],
  [
    'a rule of the source is kept',
    async (subject) => {
      const note = 'forbidden';
      await refused(subject, 'constraint', (one) => one.insert(subject.people, { id: 'new', name: 'secret', note }));
      await refused(subject, 'constraint', (one) => one.update(subject.people, ['p1'], {}, { note }));
    },
  ],
  [
    'a text that is too long is refused, or seen when it is read again',
    async (subject) => {
      const short = 'secrets that are longer';
      const at = subject.tables.people.columns.findIndex(({ name }) => name === 'short');
      for (const id of ['p1', 'new']) {
        let found: unknown;
        const tried = subject.transaction(async (transaction) => {
          if (id === 'new') await transaction.insert(subject.people, { id, name: 'New', short });
          else await transaction.update(subject.people, [id], {}, { short });
          found = (await subject.got(transaction, 'people', id))![at];
          expect(found).not.toBe(short);
          throw new Error('seen');
        });
        const error = await failure(tried);
        if (found === undefined) expect(error).toMatchObject({ name: 'Fault', code: 'constraint' });
        else expect(error).toMatchObject({ message: 'seen' });
      }
      expect((await subject.opened.native('people')).length).toBe(3);
    },
  ],
  [
    'rows of one key are not told apart',
    async (subject) => {
      const before = await subject.everything();
      const tries: readonly ((one: Transaction) => Promise<unknown>)[] = [
        (one) => subject.got(one, 'twins', 't'),
        (one) => one.update(subject.twins, ['t'], {}, { note: 'x' }),
        (one) => one.delete(subject.twins, ['t'], {}),
      ];
      for (const work of tries)
        expect(await failure(subject.transaction(work))).toMatchObject({ name: 'Fault', code: 'duplicate-key' });
      expect(await subject.everything()).toEqual(before);
      expect(await subject.transaction((one) => one.update(subject.twins, ['u'], {}, { note: 'x' }))).toBe(true);
    },
  ],
  [
    'a column that is not there is named',
    async (subject) => {
      const columns = { ...subject.people.columns, no_such: { name: 'no_such', path: ['no_such_column'] } };
      const people = { ...subject.people, columns };
      const before = await subject.everything();
      const tries: readonly ((one: Transaction) => Promise<unknown>)[] = [
        (one) => one.insert(people, { id: 'new', name: 'New', no_such: 'x' }),
        (one) => one.update(people, ['p1'], {}, { no_such: 'x' }),
        (one) => one.get(people, [{ kind: 'column', column: 'no_such' }], ['p1']),
        (one) => one.update({ ...people, name: 'no_such_table' }, ['p1'], {}, { name: 'x' }),
      ];
      for (const work of tries)
        expect(await failure(subject.transaction(work))).toMatchObject({
          name: 'Fault',
          code: 'source-schema',
          message: expect.stringContaining('no_such'),
        });
      expect(await subject.everything()).toEqual(before);
    },
  ],
];
