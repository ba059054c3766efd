import type { Adapter, Cells, Change, Output } from '#src/source/adapter.js';
import { decimalText } from '#src/source/decimal.js';
import { evaluator } from '#src/source/evaluate.js';
import type { Column, TableRelation } from '#src/source/relation.js';
import type { Cell, Row } from '#src/source/row.js';

/** `integer` is 64 bits, `number` a double, `decimal` exact with at least 20 digits before its point and 4 behind it. */
export type WrittenType = 'text' | 'integer' | 'number' | 'decimal' | 'boolean' | 'date' | 'dateTime';

export interface WrittenColumn {
  readonly name: string;
  readonly type: WrittenType;
  /** The longest text, in characters; at most 60 in a column that a key or an index is over. */
  readonly length?: number;
  /** Never null. */
  readonly required?: true;
  /** No two rows have one value. */
  readonly unique?: true;
  /** The source gives it, a larger one to each new row. */
  readonly assigned?: true;
  /** A rule of the source: it is not the text `forbidden`. */
  readonly checked?: true;
}

/** `keyed`: the source itself lets no two rows have one key. */
export interface WrittenTable {
  readonly name: string;
  readonly columns: readonly WrittenColumn[];
  readonly key: string;
  readonly keyed: boolean;
  readonly rows: readonly Row[];
}

/** What a kind of database needs to say to run the contract of writers. */
export interface WriteStore {
  readonly name: string;
  /** Types it has columns of; cells of another type lie in it as texts. */
  readonly types: readonly WrittenType[];
  /** A date-time is a moment (`2024-05-01T08:00:00Z`), and not what a clock shows (`2024-05-01 08:00:00`). */
  readonly instants?: true;
  /** Where a column of a table lies in a document; `[column]` when absent. */
  readonly path?: (table: string, column: string) => readonly string[];
  /** Makes the tables; the adapter writes them. */
  readonly open: (tables: readonly WrittenTable[]) => Promise<OpenedStore>;
  /** Tests that do not apply, by their title, with the reason. */
  readonly omits?: Readonly<Record<string, string>>;
}

export interface OpenedStore {
  readonly adapter: Adapter;
  /** All of a table as its own driver shows it, and all that the adapter does not read too, in the order of its key. */
  readonly native: (table: string) => Promise<readonly unknown[]>;
  /** Changes of relations that the adapter must refuse, made from that of `people`. */
  readonly cannot: (people: TableRelation) => readonly (readonly [TableRelation, Change])[];
  /** Fills the tables again as they were; absent: they are made anew for each case. */
  readonly reset?: () => Promise<void>;
  readonly close: () => Promise<void>;
}

export function writtenRelation(store: WriteStore, { name, columns, key }: WrittenTable): TableRelation {
  const named: Record<string, Column> = {};
  for (const column of columns)
    named[column.name] = { name: column.name, path: store.path?.(name, column.name) ?? [column.name] };
  return { kind: 'table', name, key: [key], columns: named };
}

export const outputOf = ({ columns }: WrittenTable): readonly Output[] =>
  columns.map(({ name }) => ({ kind: 'column', column: name }));

export const cellsOf = ({ columns }: WrittenTable, row: Row): Cells =>
  Object.fromEntries(columns.map(({ name }, i) => [name, row[i]!]));

/** The tables of the contract, as the store can declare them. */
export function writtenTables(store: WriteStore): Readonly<Record<'people' | 'visits' | 'twins', WrittenTable>> {
  const at = (wall: string) => (store.instants ? `${wall.replace(' ', 'T')}Z` : wall);
  const fitted = (table: WrittenTable): WrittenTable => ({
    ...table,
    columns: table.columns.map((column) => ({ ...column, type: typeIn(store, column) })),
    rows: table.rows.map((row) => row.map((cell, i) => fittedCell(typeIn(store, table.columns[i]!), cell))),
  });
  return {
    people: fitted({
      name: 'people',
      key: 'id',
      keyed: true,
      columns: [
        { name: 'id', type: 'text', length: 60, required: true },
        { name: 'name', type: 'text', required: true },
        { name: 'nick', type: 'text', length: 60, unique: true },
        { name: 'note', type: 'text', checked: true },
        { name: 'short', type: 'text', length: 8 },
        { name: 'amount', type: 'decimal' },
        { name: 'big', type: 'integer' },
        { name: 'score', type: 'number' },
        { name: 'flag', type: 'boolean' },
        { name: 'born', type: 'date' },
        { name: 'at', type: 'dateTime' },
      ],
      rows: [
        [
          'p1',
          ' Berg ',
          'ann',
          "O'Brien  ",
          'abc ',
          '72.5',
          9007199254740993n,
          0.1,
          true,
          '1980-02-29',
          at('2024-05-01 08:00:00'),
        ],
        ['p2', 'Çhen 😀', null, null, null, null, null, null, null, null, null],
        ['p3', 'Díaz\\', 'dia', '', '', '-0.25', 0, -1e-7, false, '2024-01-31', at('2024-12-31 23:59:59')],
      ],
    }),
    visits: fitted({
      name: 'visits',
      key: 'id',
      keyed: true,
      columns: [
        { name: 'id', type: 'integer', required: true, assigned: true },
        { name: 'person', type: 'text', length: 60 },
        { name: 'note', type: 'text' },
      ],
      rows: [[1, 'p1', 'first']],
    }),
    twins: fitted({
      name: 'twins',
      key: 'id',
      keyed: false,
      columns: [
        { name: 'id', type: 'text', length: 60 },
        { name: 'note', type: 'text' },
      ],
      rows: [
        ['t', 'a'],
        ['t', 'b'],
        ['u', 'c'],
      ],
    }),
  };
}

const typeIn = ({ types }: WriteStore, { type }: WrittenColumn): WrittenType => (types.includes(type) ? type : 'text');

/** A cell as it is handed to a column: to one that holds texts, its text. */
export function fittedCell(type: WrittenType, cell: Cell): Cell {
  return type === 'text' && cell !== null ? String(cell) : cell;
}

/** Is a cell that was read what was written, whatever the source calls it? Texts to the letter, all else by what it means. */
export function agrees(type: WrittenType, written: Cell, found: Cell): boolean {
  if (written === null || found === null) return written === found;
  switch (type) {
    case 'text':
      return found === written;
    case 'boolean':
      return booleanOf(found) === booleanOf(written);
    case 'integer':
      return String(found) === String(written);
    case 'number':
      return Number(found) === Number(written);
    case 'decimal':
      return shortest(found) === shortest(written);
    case 'date':
      return String(found).slice(0, 10) === written;
    case 'dateTime':
      return moment(found) === moment(written);
  }
}

/** A decimal without the zeros that a column fills it up with. */
const shortest = (cell: Cell) =>
  decimalText(String(cell))
    ?.replace(/(\.\d*?)0+$/, '$1')
    .replace(/\.$/, '');

const booleanOf = evaluator({ column: '', as: 'boolean' });

function moment(cell: Cell): number {
  const text = String(cell).replace(' ', 'T');
  return Date.parse(/(Z|[+-]\d\d:\d\d)$/.test(text) ? text : `${text}Z`);
}
