import { isDate, isDateTime } from '../../source/calendar.js';
import { fold } from '../../source/fold.js';
import type { Cell } from '../../source/row.js';
import { trim } from '../../source/space.js';
import { bound, type Fragment, plain, sql } from '../sql/fragment.js';
import { isAscii } from './ascii.js';
import type { ColumnFacts, OddText } from './knowledge.js';
import { spent } from './meter.js';
import { quote } from './quote.js';
import type { SqliteColumn } from './schema.js';
import type { Session } from './session.js';
import type { Flag } from './walk.js';

/** What all cells of an indexed column have in common; reads the index alone, each distinct value once. */
export function* surveyJob(session: Session, column: SqliteColumn, flag?: Flag): Generator<undefined, ColumnFacts> {
  const { connection, slice } = session;
  const binary = column.collations.includes('BINARY');
  const name = `t.${quote(column.name)}`;
  const value = binary && !column.collated ? name : `${name} COLLATE ${binary ? 'BINARY' : 'NOCASE'}`;
  const statement = (after: Cell | undefined): Fragment => {
    const rest = after === undefined ? plain('') : sql` AND ${value} > ${bound(after)}`;
    return sql`SELECT DISTINCT ${value} FROM ${column.table} AS t WHERE ${name} IS NOT NULL AND hs_tick(${name})${rest} ORDER BY ${value}`;
  };
  const survey = new Survey(column.affinity === 'text' && binary);
  for (let after: Cell | undefined; ; ) {
    const { text, values } = statement(after);
    connection.meter.start(performance.now() + slice, flag);
    try {
      for (const [cell] of connection.each(text, values)) survey.add(cell!);
      return survey.facts();
    } catch (error) {
      if (error !== spent) throw error;
      // The value where the slice ended may not have been handed out; equal values need no second look.
      after = connection.meter.position![0] as Cell;
      survey.add(after);
    } finally {
      connection.meter.rest();
    }
    yield;
  }
}

/** So many odd texts are kept of a column, none longer than this. */
const mostOdd = 1_000;
const longestOdd = 200;

class Survey {
  private odd: OddText[] | undefined = [];
  private trimmed = true;
  private ascii = true;
  private numeric = true;
  private dateTime: boolean;
  private date: boolean;

  /** Values that differ by case alone count as equal in a NOCASE index, which says nothing of dates: `T` and `t`. */
  constructor(dates: boolean) {
    this.date = dates;
    this.dateTime = dates;
  }

  add(cell: Cell): void {
    if (typeof cell === 'string') {
      this.numeric = false;
      const trimmed = trim(cell);
      const ascii = isAscii(cell);
      if (trimmed !== cell) this.trimmed = false;
      if (!ascii) this.ascii = false;
      if (!ascii || trimmed !== cell) this.keep(cell, trimmed);
      if (this.date && !isDate(cell)) this.date = false;
      if (this.dateTime && !isDateTime(cell)) this.dateTime = false;
      return;
    }
    this.date = false;
    this.dateTime = false;
    if (typeof cell !== 'object') this.trimmed = false;
  }

  facts(): ColumnFacts {
    const { trimmed, ascii, numeric, date, dateTime, odd } = this;
    return { trimmed, ascii, numeric, date, dateTime, ...(odd && { odd }) };
  }

  private keep(text: string, trimmed: string): void {
    if (!this.odd || this.odd.length >= mostOdd || text.length > longestOdd) this.odd = undefined;
    else this.odd.push({ text, trimmed, folded: fold(trimmed) });
  }
}
