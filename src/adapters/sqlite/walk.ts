import type { Cell } from '../../source/row.js';
import type { Fragment } from '../sql/fragment.js';
import type { Place } from '../sql/order.js';
import { spent } from './meter.js';
import type { Session } from './session.js';

/** Whether a job's caller has gone: 1 stops it within a slice. */
export type Flag = Int32Array;

/**
 * Runs a statement that goes through a table in the order of what it hands to `hs_tick`, a slice of time at a time: yields the
 * rows found in each slice (perhaps none), with no statement open, so that the thread can serve others between them. The next
 * slice starts at the row that was looked at last. `atOnce` ends a slice early, when so many rows were found.
 */
export function* walk(
  session: Session,
  from: (place: Place | undefined) => Fragment,
  flag: Flag | undefined,
  atOnce = 500,
): Generator<Cell[][]> {
  const { connection, slice } = session;
  let place: Place | undefined;
  for (let length = slice; ; ) {
    const { text, values } = from(place);
    const rows: Cell[][] = [];
    connection.meter.start(performance.now() + length, flag);
    try {
      for (const row of connection.each(text, values)) {
        rows.push(row);
        if (rows.length >= atOnce) break;
      }
      if (rows.length < atOnce) {
        yield rows;
        return;
      }
      place = { values: connection.meter.position!, inclusive: false };
    } catch (error) {
      if (error !== spent) throw error;
      const position = connection.meter.position!;
      // A single place that needs more than a slice gets a longer one.
      const stuck = place?.values.every((value, i) => value === position[i]);
      length = stuck ? Math.max(1, length) * 4 : slice;
      place = { values: position, inclusive: true };
    } finally {
      connection.meter.rest();
    }
    yield rows;
  }
}
