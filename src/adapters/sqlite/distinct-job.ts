import { cellText } from '../../source/evaluate.js';
import type { DistinctRelation } from '../../source/relation.js';
import { TRUE } from '../../source/selection.js';
import type { Place } from '../sql/order.js';
import { tableOf } from './schema.js';
import { select } from './select.js';
import type { Session } from './session.js';
import { type Flag, walk } from './walk.js';

/** The distinct values of columns, as a JSON array that SQLite reads as a table. */
export function* distinctJob(session: Session, relation: DistinctRelation, flag?: Flag): Generator<undefined, string> {
  const values = new Set<string>();
  for (const { table, column } of relation.of) {
    const scan = { relation: table, output: [{ kind: 'column', column }], where: TRUE, order: [] } as const;
    const notIndexed = tableOf(session.schema, table).cursor.length > 0;
    const statement = (place: Place | undefined) =>
      select(session, scan, { access: 'walk', place, order: false, cursor: false, notIndexed }).legs[0]!;
    for (const rows of walk(session, statement, flag, notIndexed ? 10_000 : Number.POSITIVE_INFINITY)) {
      for (const [cell] of rows) {
        const text = cellText(cell!);
        if (text !== null) values.add(text);
      }
      yield;
    }
  }
  return JSON.stringify([...values]);
}
