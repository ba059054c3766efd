import { type Fragment, plain, sql } from '../sql/fragment.js';
import { afterPlace, type Place } from '../sql/order.js';
import { isAscii } from './ascii.js';
import { quote } from './compiler.js';
import type { ColumnFacts } from './knowledge.js';
import type { SqliteColumn } from './schema.js';
import type { Session } from './session.js';
import { type Flag, walk } from './walk.js';

/** What all cells of an indexed column have in common; reads the index alone. */
export function* surveyJob(session: Session, column: SqliteColumn, flag?: Flag): Generator<undefined, ColumnFacts> {
  const collation = column.collations.includes('BINARY') ? 'BINARY' : 'NOCASE';
  const name = `t.${quote(column.name)}`;
  const value = column.collated || collation === 'NOCASE' ? `${name} COLLATE ${collation}` : name;
  const statement = (place: Place | undefined): Fragment => {
    const after = afterPlace([{ value, direction: 'asc', nullable: false }], place ?? { values: [], inclusive: true });
    const from = plain(
      `SELECT ${name} FROM ${quote(column.table)} AS t WHERE ${name} IS NOT NULL AND hs_tick(${name})`,
    );
    return sql`${from} AND ${after} ORDER BY ${value}`;
  };
  let trimmed = true;
  let allAscii = true;
  let numeric = true;
  for (const rows of walk(session, statement, flag, Number.POSITIVE_INFINITY)) {
    for (const [cell] of rows) {
      if (typeof cell !== 'string') {
        if (typeof cell !== 'object') trimmed = false;
        continue;
      }
      numeric = false;
      if (cell.trim() !== cell) trimmed = false;
      if (allAscii && !isAscii(cell)) allAscii = false;
    }
    yield;
  }
  return { trimmed, ascii: allAscii, numeric };
}
