import { isDate, isDateTime } from '#src/source/calendar.js';
import type { Cell, Row } from '#src/source/row.js';
import type { Random } from '../../oracle/random.js';
import type { HospitalTable } from '../hospitals.js';

/** What a column of an SQL server is declared as. */
export type Declared = 'text' | 'integer' | 'float' | 'decimal' | 'date' | 'dateTime' | 'boolean';

/** A table as a server keeps it: its columns as they are declared, its cells as they come back. */
export interface Kept {
  readonly table: HospitalTable;
  readonly declared: readonly Declared[];
  readonly rows: readonly Row[];
}

interface Fitting {
  readonly takes: (cell: Cell) => boolean;
  /** As it comes back. */
  readonly back: (cell: Cell) => Cell;
}

const int64 = (value: bigint) => BigInt.asIntN(64, value) === value;
const same = (cell: Cell) => cell;
const localTime = /^\d{4}-\d\d-\d\d[ T]\d\d:\d\d(:\d\d(\.\d{1,6})?)?$/;

/** Digits behind the point of every decimal column. */
export const SCALE = 10;

const fittings: Readonly<Record<Exclude<Declared, 'text'>, Fitting>> = {
  integer: {
    takes: (cell) => (typeof cell === 'number' ? Number.isSafeInteger(cell) : typeof cell === 'bigint' && int64(cell)),
    back: same,
  },
  float: { takes: (cell) => typeof cell === 'number' && Number.isFinite(cell), back: same },
  decimal: {
    takes: (cell) =>
      (typeof cell === 'number' || typeof cell === 'string') && /^-?(0|[1-9]\d{0,19})(\.\d{1,10})?$/.test(String(cell)),
    back: (cell) => {
      const [whole = '', fraction = ''] = String(cell).split('.');
      const zero = !/[1-9]/.test(whole + fraction);
      return `${zero ? whole.replace('-', '') : whole}.${fraction.padEnd(SCALE, '0')}`;
    },
  },
  date: { takes: (cell) => typeof cell === 'string' && cell.length === 10 && isDate(cell), back: same },
  dateTime: {
    takes: (cell) => typeof cell === 'string' && localTime.test(cell) && isDateTime(cell),
    back: (cell) => {
      const [day, time = ''] = String(cell).split(/[ T]/);
      const seconds = time.length === 5 ? `${time}:00` : time;
      return `${day} ${seconds.includes('.') ? seconds.replace(/\.?0+$/, '') : seconds}`;
    },
  },
  boolean: { takes: (cell) => typeof cell === 'boolean', back: same },
};

/** The table as an SQL server may declare it: of the types that hold all cells of a column one is drawn, or text. */
export function keptBySql(
  table: HospitalTable,
  rows: readonly Row[],
  types: readonly Exclude<Declared, 'text'>[],
  random: Random,
): Kept {
  const declared = table.columns.map((_, i): Declared => {
    const cells = rows.map((row) => row[i]!).filter((cell) => cell !== null);
    const fitting = types.filter((type) => cells.length > 0 && cells.every(fittings[type].takes));
    return fitting.length === 0 || random.chance(0.3) ? 'text' : random.pick(fitting);
  });
  const back = declared.map((type) => (type === 'text' ? String : fittings[type].back));
  return { table, declared, rows: rows.map((row) => row.map((cell, i) => (cell === null ? null : back[i]!(cell)))) };
}

/** The table of a store whose columns hold any cell. */
export function keptAsDrawn(table: HospitalTable, rows: readonly Row[]): Kept {
  return { table, declared: table.columns.map(() => 'text'), rows };
}
