import { expect } from '@jest/globals';
import { cellText } from '#src/source/evaluate.js';
import type { Cell, Row } from '#src/source/row.js';
import { not, type Selection } from '#src/source/selection.js';
import { ask, collect, patient } from './ask.js';
import { pairs, selectionCases } from './selection-cases.js';
import type { Case, Subject } from './source.contract.js';
import { columnsOf, people } from './store.js';

const everyColumn = (subject: Subject) => columnsOf(subject.stored.people);

async function rowsOf(subject: Subject, conjuncts: readonly Selection[]): Promise<Row[]> {
  const scan = { relation: subject.people, output: everyColumn(subject), where: { op: 'true' } as const, order: [] };
  return ask(subject.adapter, scan, conjuncts, subject.tables);
}

async function expectedRows(subject: Subject, where: Selection): Promise<Row[]> {
  const scan = { relation: subject.people, output: everyColumn(subject), where, order: [] };
  return (await collect(subject.reference.scan(scan, patient()))).rows;
}

const byRow = (rows: readonly Row[]): Row[] => [...rows].sort((a, b) => (String(a[0]) < String(b[0]) ? -1 : 1));
const distinct = (cells: readonly Cell[]): string[] =>
  [...new Set(cells.map((cell) => (cell === null ? 'null' : `=${String(cell)}`)))].sort();

async function agrees(subject: Subject, where: Selection): Promise<Row[]> {
  const rows = await rowsOf(subject, [where]);
  expect({ where, rows: byRow(rows) }).toEqual({ where, rows: byRow(await expectedRows(subject, where)) });
  return rows;
}

const keepsEveryCell: Case = [
  'hands back what the store was given',
  async (subject) => {
    const rows = await rowsOf(subject, []);
    const given = subject.stored.people;
    expect(rows.length).toBe(given.rows.length);
    const byId = new Map(rows.map((row) => [String(row[0]), row]));
    for (const row of given.rows) {
      expect(byId.get(String(row[0]))!.map(cellText)).toEqual(
        row.map((cell) =>
          cellText(
            typeof cell === 'boolean' && typeof byId.get(String(row[0]))![7] !== 'boolean' ? Number(cell) : cell,
          ),
        ),
      );
    }
  },
];

/** Was every row that has the cell left out, for this or another cell that the store cannot keep? */
function leftOut(subject: Subject, column: number, cell: Cell): boolean {
  const has = (rows: readonly Row[]) => rows.some((row) => String(row[column]) === String(cell));
  return has(people().rows) && !has(subject.stored.people.rows);
}

const written: readonly Case[] = selectionCases.map(({ title, where, cells, column }) => [
  title,
  async (subject) => {
    const rows = await agrees(subject, where);
    if (!cells || !column) return;
    const index = subject.stored.people.columns.findIndex(({ name }) => name === column);
    const kept = cells.filter((cell) => !leftOut(subject, index, cell));
    const blank = (cell: Cell) => cell === null || cellText(cell) === null;
    expect(distinct(rows.map((row) => row[index]!).filter((cell) => !blank(cell)))).toEqual(
      distinct(kept.filter((cell) => !blank(cell))),
    );
  },
]);

const tabled: readonly Case[] = pairs.map(({ title, leaves }) => [
  `every test on ${title}`,
  async (subject) => {
    for (const leaf of leaves) {
      await agrees(subject, leaf);
      if (leaf.op === 'compare' && leaf.test === 'lt') await agrees(subject, not(leaf));
    }
  },
]);

const counted: Case = [
  'count agrees with the rows',
  async (subject) => {
    if (!subject.adapter.capabilities.count) return;
    for (const { where } of selectionCases) {
      if (!subject.adapter.capabilities.exact(where)) continue;
      const count = await subject.adapter.count(subject.people, where, patient());
      expect({ where, count }).toEqual({ where, count: (await expectedRows(subject, where)).length });
    }
  },
];

const truthful: Case = [
  'narrow says exact of what capabilities say is exact, and conjuncts are ANDed',
  async (subject) => {
    const conjuncts = selectionCases.slice(0, 20).map(({ where }) => not(where));
    const scan = { relation: subject.people, output: everyColumn(subject), order: [] };
    const { exact } = subject.adapter.narrow(scan, conjuncts);
    expect(exact).toEqual(conjuncts.map((one) => subject.adapter.capabilities.exact(one)));
    expect(byRow(await rowsOf(subject, conjuncts))).toEqual(
      byRow(await expectedRows(subject, { op: 'and', of: conjuncts })),
    );
  },
];

export const predicateCases: readonly Case[] = [keepsEveryCell, ...written, ...tabled, counted, truthful];
