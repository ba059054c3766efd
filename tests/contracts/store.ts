import type { Adapter, Output } from '#src/source/adapter.js';
import type { Column, TableRelation } from '#src/source/relation.js';
import type { Cell, Row } from '#src/source/row.js';
import { anything, dates, decimals, integers, numbers, packed, texts } from './cells.js';

/** `text` and `any` (a typeless column) hold any cell of cells.ts that the store declares; `integer` is 64 bits, `number` a double. */
export type StoredType = 'text' | 'integer' | 'number' | 'any';

export interface StoredTable {
  readonly name: string;
  readonly columns: readonly { readonly name: string; readonly type: StoredType }[];
  readonly rows: readonly Row[];
  readonly unique: readonly string[];
  readonly indexes: readonly (readonly string[])[];
}

/** What a kind of database needs to say to run the contract. */
export interface Store {
  readonly name: string;
  /** Column types it can declare; a column of another type is stored as text. */
  readonly types: readonly StoredType[];
  /** Cells it cannot keep at all (left out of every table), with the reason. */
  readonly cannotKeep?: { readonly reason: string; readonly cell: (cell: Cell) => boolean };
  /** Where a column of a table lies in a document; `[column]` when absent. */
  readonly path?: (table: string, column: string) => readonly string[];
  /** Materialises tables; `close` closes the adapter and removes them. */
  readonly open: (
    tables: readonly StoredTable[],
  ) => Promise<{ readonly adapter: Adapter; readonly close: () => Promise<void> }>;
  /** Tests that do not apply, by their title, with the reason. */
  readonly omits?: Readonly<Record<string, string>>;
}

export function relationOf(store: Store, table: StoredTable, key: readonly string[] = table.unique): TableRelation {
  const columns: Record<string, Column> = {};
  for (const { name } of table.columns) columns[name] = { name, path: store.path?.(table.name, name) ?? [name] };
  return { kind: 'table', name: table.name, key, columns };
}

export const columnsOf = (table: StoredTable): Output[] =>
  table.columns.map(({ name }) => ({ kind: 'column', column: name }));

/** The table as the store can declare it: other types become text, rows with a cell that it cannot keep are left out. */
export function fitted(store: Store, table: StoredTable): StoredTable {
  const columns = table.columns.map(
    ({ name, type }) => ({ name, type: store.types.includes(type) ? type : 'text' }) as const,
  );
  const rows = table.rows
    .filter((row) => !store.cannotKeep || !row.some(store.cannotKeep.cell))
    .map((row) => row.map((cell, i) => fittedCell(cell, table.columns[i]!.type, columns[i]!.type)));
  return { ...table, columns, rows };
}

function fittedCell(cell: Cell, declared: StoredType, stored: StoredType): Cell {
  if (stored === 'any' || cell === null) return cell;
  return declared !== stored || stored === 'text' ? String(cell) : cell;
}

/** The people table: row `n` holds the n-th cell of each list, each list repeated at its own length. */
export function people(rows = texts.length): StoredTable {
  const lists: readonly (readonly [string, StoredType, readonly Cell[]])[] = [
    ['name', 'text', texts],
    ['born', 'text', dates],
    ['amount', 'text', decimals],
    ['big', 'integer', integers],
    ['score', 'number', numbers],
    ['mixed', 'any', anything],
    ['packed', 'text', packed],
  ];
  return {
    name: 'people',
    columns: [
      { name: 'id', type: 'text' },
      { name: 'n', type: 'integer' },
      ...lists.map(([name, type]) => ({ name, type })),
    ],
    rows: Array.from({ length: rows }, (_, n) => [id(n), n, ...lists.map(([, , cells]) => cells[n % cells.length]!)]),
    unique: ['id'],
    indexes: [['name'], ['born'], ['amount'], ['big'], ['score'], ['mixed'], ['packed']],
  };
}

/** Keys in another order than the rows, with letters whose collations differ. */
const id = (n: number): string => `${'pPqQ'[n % 4]}${(n * 7919) % 1000}-${n}`;

/** Visits refer to people by id; some to nobody, some to nothing. */
export function visits(): StoredTable {
  const ids = people().rows.map((row) => row[0] as string);
  const status = ['planned', 'finished', ' finished ', 'FINISHED', null, 'None'];
  return {
    name: 'visits',
    columns: [
      { name: 'id', type: 'integer' },
      { name: 'person', type: 'text' },
      { name: 'code', type: 'any' },
      { name: 'status', type: 'text' },
      { name: 'day', type: 'text' },
      { name: 'big', type: 'integer' },
    ],
    rows: Array.from({ length: 120 }, (_, n) => [
      n,
      n % 11 === 0
        ? null
        : n % 13 === 0
          ? 'gone'
          : n % 17 === 0
            ? ids[n % ids.length]!.toUpperCase()
            : ids[(n * 3) % ids.length]!,
      anything[n % anything.length]!,
      status[n % status.length]!,
      dates[n % dates.length]!,
      integers[n % integers.length]!,
    ]),
    unique: ['id'],
    indexes: [['person']],
  };
}
