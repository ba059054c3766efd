import { expect } from '@jest/globals';
import type { Cells } from '#src/source/adapter.js';
import type { Cell } from '#src/source/row.js';
import { failure, type WriteCase, type WriteSubject } from './write.contract.js';
import { agrees, cellsOf, fittedCell } from './write-store.js';

const injections = [
  "'; DROP TABLE people; --",
  "' OR '1'='1",
  '" OR ""="',
  '`; DROP TABLE visits; #',
  "\\'; DELETE FROM people; --",
  '{"$gt": ""}',
  '$where',
  '$' + '{process.exit()}',
  "p2'}) DETACH DELETE n //",
  '?',
  '$1',
  ':name',
  '%s',
  '%',
  '_',
];
const texts = [
  'plain',
  '',
  ' ',
  ' two  blanks ',
  "O'Brien",
  '"quoted"',
  'back\\slash',
  '\\',
  '\\n',
  'tab\there',
  'line\nline\r\n',
  'Çedilla ñ ß',
  'e\u0301 is not \u00e9',
  '😀👩‍👩‍👧',
  'العربية',
  '中文',
  '\ufeff bom',
  '\u200b',
  'NULL',
  'null',
  'undefined',
  'true',
  '0',
  '007',
  '1e5',
  '-0',
  '2024-01-01',
  'x'.repeat(10_000),
  ...injections,
];

/** Writes each cell into a column of the row p1, the last of them into a new row too, and reads them again. */
async function keeps(subject: WriteSubject, column: string, cells: readonly Cell[]): Promise<void> {
  const { people, tables } = subject;
  const declared = subject.columnOf(column);
  const at = tables.people.columns.indexOf(declared);
  for (const [i, one] of cells.entries()) {
    const cell = fittedCell(declared.type, one);
    const id = `n${i}`;
    const [updated, inserted] = await subject.transaction(async (transaction) => {
      const row = (await subject.got(transaction, 'people', 'p1'))!;
      expect(await transaction.update(people, ['p1'], { [column]: row[at]! }, { [column]: cell })).toBe(true);
      await transaction.insert(people, { id, name: 'New', [column]: cell });
      return [(await subject.got(transaction, 'people', 'p1'))!, (await subject.got(transaction, 'people', id))!];
    });
    for (const row of [updated, inserted, (await subject.read('people', 'p1'))!, (await subject.read('people', id))!])
      if (!agrees(declared.type, cell, row![at]!)) expect([column, row![at]]).toEqual([column, cell]);
    // Its own cells, as they were read, are what a change counts on.
    expect(await subject.transaction((one) => one.delete(people, [id], { [column]: inserted![at]! }))).toBe(true);
  }
}

/** Whole rows, one at a time. */
export const rowCases: readonly WriteCase[] = [
  [
    'what can be changed is said, and what cannot is refused',
    async (subject) => {
      const { writing } = subject.adapter;
      for (const change of ['insert', 'update', 'delete'] as const)
        for (const relation of [subject.people, subject.visits]) expect(writing!.can(relation, change)).toBe(true);
      const before = await subject.everything();
      for (const [relation, change] of subject.opened.cannot(subject.people)) {
        expect([relation.name, change, writing!.can(relation, change)]).toEqual([relation.name, change, false]);
        const tried = subject.transaction(async (transaction) => {
          if (change === 'insert') await transaction.insert(relation, { id: 'new', name: 'New' });
          else if (change === 'update') await transaction.update(relation, ['p1'], {}, { name: 'Other' });
          else await transaction.delete(relation, ['p1'], {});
        });
        expect(await failure(tried)).toMatchObject({ name: 'Fault' });
      }
      expect(await subject.everything()).toEqual(before);
    },
  ],
  [
    'a transaction gets a row as every reader does',
    async (subject) => {
      for (const { 0: id } of subject.tables.people.rows) {
        const row = await subject.transaction((transaction) => subject.got(transaction, 'people', id!));
        expect(row).toEqual(await subject.read('people', id!));
        expect(row![0]).toBe(id);
      }
      for (const id of ['p4', 'P1', 'p1 ', '', ...injections])
        expect(await subject.transaction((transaction) => subject.got(transaction, 'people', id))).toBeUndefined();
    },
  ],
  [
    'a row is inserted with its key',
    async (subject) => {
      const { people } = subject.tables;
      const cells: Cells = { ...cellsOf(people, people.rows[0]!), id: "new'1", nick: 'nick' };
      const row = await subject.transaction(async (transaction) => {
        expect(await subject.got(transaction, 'people', "new'1")).toBeUndefined();
        expect(await transaction.insert(subject.people, cells)).toEqual(["new'1"]);
        return subject.got(transaction, 'people', "new'1");
      });
      expect(await subject.read('people', "new'1")).toEqual(row);
      people.columns.forEach(({ name, type }, i) => {
        if (!agrees(type, cells[name]!, row![i]!)) expect([name, row![i]]).toEqual([name, cells[name]]);
      });
      expect((await subject.opened.native('people')).length).toBe(people.rows.length + 1);
    },
  ],
  [
    'a key that is not said is assigned by the source',
    async (subject) => {
      const keys = await subject.transaction(async (transaction) => [
        await transaction.insert(subject.visits, { person: 'p1', note: 'second' }),
        await transaction.insert(subject.visits, { person: 'p2' }),
      ]);
      expect(new Set([1, ...keys.map(([id]) => id)]).size).toBe(3);
      expect(await subject.read('visits', ...keys[0]!)).toEqual([keys[0]![0], 'p1', 'second']);
      expect(await subject.read('visits', ...keys[1]!)).toEqual([keys[1]![0], 'p2', null]);
    },
  ],
  [
    'an update changes the columns that it names, and leaves the others to the byte',
    async (subject) => {
      const before = await subject.everything();
      const one = await subject.transaction(async (transaction) => {
        const row = (await subject.got(transaction, 'people', 'p1'))!;
        const all = cellsOf(subject.tables.people, row);
        return transaction.update(subject.people, ['p1'], all, { name: 'Other' });
      });
      expect(one).toBe(true);
      const changed = await subject.read('people', 'p1');
      expect(changed![1]).toBe('Other');
      expect(await subject.everything()).not.toEqual(before);
      await subject.transaction((transaction) =>
        transaction.update(subject.people, ['p1'], { name: 'Other' }, { name: subject.tables.people.rows[0]![1]! }),
      );
      expect(await subject.everything()).toEqual(before);
    },
  ],
  [
    'null is put and taken away',
    async (subject) => {
      const { people } = subject.tables;
      const filled = people.columns.filter(({ name, required }) => !required && name !== 'id').map(({ name }) => name);
      const original = cellsOf(people, (await subject.read('people', 'p1'))!);
      const empty: Cells = Object.fromEntries(filled.map((name) => [name, null]));
      const full: Cells = Object.fromEntries(filled.map((name) => [name, original[name]!]));
      expect(await subject.transaction((one) => one.update(subject.people, ['p1'], full, empty))).toBe(true);
      expect((await subject.read('people', 'p1'))!.filter((cell) => cell !== null)).toHaveLength(2);
      expect(await subject.transaction((one) => one.update(subject.people, ['p1'], empty, full))).toBe(true);
      expect(cellsOf(people, (await subject.read('people', 'p1'))!)).toEqual(original);
    },
  ],
  ['texts are kept to the letter', (subject) => keeps(subject, 'note', [...texts, null])],
  [
    'whole numbers are exact beyond 2^53',
    (subject) =>
      keeps(subject, 'big', [0, -1, 2 ** 31, 2 ** 53 - 1, 9007199254740993n, -(2n ** 63n), 2n ** 63n - 1n, null]),
  ],
  [
    'numbers are doubles',
    (subject) =>
      keeps(subject, 'score', [0, 0.1, -2.5, 1e21, 1e-7, 5e-324, 1.7976931348623157e308, 12345678901234567000, null]),
  ],
  [
    'decimals are exact',
    (subject) => keeps(subject, 'amount', ['12345678901234567890.1234', '0.0001', '-99.9', 72.5, 0.1, 10, 0, null]),
  ],
  ['truths are kept', (subject) => keeps(subject, 'flag', [true, false, null])],
  ['dates are kept', (subject) => keeps(subject, 'born', ['2024-02-29', '1900-01-01', '9999-12-31', null])],
  [
    'date-times are kept',
    (subject) => {
      const written = ['2024-02-29 13:14:15', '1970-01-02 00:00:00', '2024-12-31 23:59:59', '2024-03-31 02:30:00'];
      return keeps(subject, 'at', [
        ...written.map((wall) => (subject.store.instants ? `${wall.replace(' ', 'T')}Z` : wall)),
        null,
      ]);
    },
  ],
  [
    'a change counts on what was there',
    async (subject) => {
      const { people } = subject.tables;
      const before = await subject.everything();
      const row = cellsOf(people, (await subject.read('people', 'p1'))!);
      const other = cellsOf(people, (await subject.read('people', 'p3'))!);
      for (const { name } of people.columns.filter((column) => column.name !== 'id'))
        for (const stale of [
          { ...row, [name]: other[name]! },
          { ...row, [name]: null },
        ]) {
          const made = await subject.transaction(async (transaction) => [
            await transaction.update(subject.people, ['p1'], stale, { note: 'lost' }),
            await transaction.delete(subject.people, ['p1'], stale),
          ]);
          expect([name, made]).toEqual([name, [false, false]]);
        }
      const empty = cellsOf(people, (await subject.read('people', 'p2'))!);
      const stale = { ...empty, note: 'not null' };
      expect(await subject.transaction((one) => one.update(subject.people, ['p2'], stale, { nick: 'x' }))).toBe(false);
      expect(await subject.everything()).toEqual(before);
      expect(await subject.transaction((one) => one.update(subject.people, ['p2'], empty, { nick: 'x' }))).toBe(true);
      expect(await subject.transaction((one) => one.delete(subject.people, ['p1'], row))).toBe(true);
    },
  ],
  [
    'a row is deleted, and no other',
    async (subject) => {
      const { people } = subject.tables;
      await subject.transaction(async (transaction) => {
        const row = (await subject.got(transaction, 'people', 'p1'))!;
        expect(await transaction.delete(subject.people, ['p1'], cellsOf(people, row))).toBe(true);
        expect(await subject.got(transaction, 'people', 'p1')).toBeUndefined();
        expect(await transaction.delete(subject.people, ['p1'], cellsOf(people, row))).toBe(false);
      });
      expect(await subject.read('people', 'p1')).toBeUndefined();
      expect((await subject.opened.native('people')).length).toBe(people.rows.length - 1);
    },
  ],
  [
    'a row that has gone is not changed',
    async (subject) => {
      const before = await subject.everything();
      for (const id of ['p4', 'P1', 'p1 ', ...injections])
        expect(
          await subject.transaction(async (transaction) => [
            await transaction.update(subject.people, [id], {}, { note: 'x' }),
            await transaction.delete(subject.people, [id], {}),
          ]),
        ).toEqual([false, false]);
      expect(await subject.everything()).toEqual(before);
    },
  ],
  [
    'an injection is data, in a key too',
    async (subject) => {
      const others = (await subject.opened.native('people')).length;
      for (const text of injections) {
        await subject.transaction((one) =>
          one.insert(subject.people, { id: text, name: text, nick: text, note: text }),
        );
        expect((await subject.read('people', text))!.slice(0, 4)).toEqual([text, text, text, text]);
        const changed = { note: `${text}${text}` };
        expect(await subject.transaction((one) => one.update(subject.people, [text], { note: text }, changed))).toBe(
          true,
        );
        expect(await subject.transaction((one) => one.delete(subject.people, [text], changed))).toBe(true);
      }
      expect((await subject.opened.native('people')).length).toBe(others);
      expect((await subject.opened.native('visits')).length).toBe(1);
    },
  ],
];
